import TestFolders
import Testing

/// Arrow streams as other programs open them.
@Suite struct ArrowToolTests {
  @Test("the stored stream, which pyarrow, Polars and DuckDB have read, is what is written")
  func stored() {
    let outcome = bash(
      "table --to arrow testdata/table/ours.npy | cmp - testdata/table/ours.arrows && echo same")
    #expect(outcome.output == Array("same\n".utf8), "\(outcome)")
  }

  @Test(
    "pyarrow, Polars and DuckDB find names, types and values",
    .enabled(if: Requirement.arrow.isMet, "\(Requirement.arrow)"))
  func readers() throws {
    let python = try #require(Requirement.arrow.path)
    let outcome = bash(
      """
      set -e -o pipefail; d=$(mktemp -d); trap 'rm -rf "$d"' EXIT
      table --to arrow testdata/table/ours.npy > $d/ours
      simbars --days 40 --instruments 30 | alpha158 > $d/factors.npy
      table --to arrow $d/factors.npy > $d/factors
      cat > $d/check.py << 'END'
      import sys, datetime, math, numpy, pyarrow, pyarrow.ipc, polars, duckdb
      def arrays(path):
          with open(path, "rb") as file:
              while file.peek(1): yield numpy.lib.format.read_array(file)
      def same(one, other):
          if isinstance(one, float) and math.isnan(one): return math.isnan(other)
          if isinstance(one, list): return len(one) == len(other) and all(map(same, one, other))
          return one == other
      def plain(value):
          if isinstance(value, numpy.ndarray): return [plain(each) for each in value]
          if isinstance(value, bytes): return value.decode()
          return value.item() if hasattr(value, "item") else value
      def check(npy, arrow):
          tables = list(arrays(npy))
          with open(arrow, "rb") as file:
              reader = pyarrow.ipc.open_stream(file)
              batches = list(reader)
          names = {"S": pyarrow.utf8(), "M": pyarrow.date32()}
          assert len(batches) == len(tables), (len(batches), len(tables))
          dtype = tables[0].dtype
          for name, field in zip(dtype.names, reader.schema):
              kind, shape = dtype[name].subdtype or (dtype[name], ())
              wanted = names.get(kind.kind) or pyarrow.from_numpy_dtype(kind)
              for size in reversed(shape): wanted = pyarrow.list_(wanted, size)
              assert (field.name, field.type) == (name, wanted), (field, name, wanted)
          for table, batch in zip(tables, batches):
              batch.validate(full=True)
              for name in dtype.names:
                  found, wanted = batch.column(name).to_pylist(), [plain(v) for v in table[name]]
                  assert all(map(same, wanted, found)), (name, wanted, found)
          whole = pyarrow.Table.from_batches(batches)
          frame = polars.read_ipc_stream(arrow)
          assert frame.columns == whole.column_names and frame.height == whole.num_rows
          for name in frame.columns:
              assert all(map(same, whole[name].to_pylist(), frame[name].to_list())), name
          rows = duckdb.sql("select * from whole").fetchall()
          # To DuckDB a list of fixed size is a tuple.
          wanted = [list(row.values()) for row in whole.to_pylist()]
          lists = lambda v: [lists(e) for e in v] if isinstance(v, (list, tuple)) else v
          assert len(rows) == len(wanted)
          for one, other in zip(wanted, rows): assert same(one, lists(other)), (one, other)
          print(whole.num_rows, whole.num_columns)
      check("testdata/table/ours.npy", sys.argv[1] + "/ours")
      check(sys.argv[1] + "/factors.npy", sys.argv[1] + "/factors")
      END
      \(python) $d/check.py $d
      """)
    #expect(outcome.ending == .exit(0), "\(outcome)")
    #expect(outcome.output.starts(with: Array("4 10\n".utf8)), "\(outcome)")
  }
}
