import TestFolders
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The tools that compute on a device of OpenCL.
@Suite(.serialized) struct DeviceToolTests {
  private static let filter =
    "conv2d-gpu --weight testdata/npy/conv-weight.npy --bias testdata/npy/conv-bias.npy "
    + "testdata/npy/conv-x.npy"

  @Test(
    "the tools of devices are tested for all that tools promise",
    .enabled(
      if: Requirement.opencl.isMet,
      "\(Requirement.opencl.reason(cases: ToolUnderTest.onDevices.count))"))
  func inTable() {
    let names = ToolUnderTest.all.map(\.name)
    #expect(ToolUnderTest.onDevices.allSatisfy { names.contains($0.name) })
  }

  @Test("without OpenCL: 69, and a line that says what to install")
  func withoutLibrary() {
    for command in [Self.filter, "conv2d-gpu --list-devices", "conv-bench-gpu peak"] {
      let outcome = bash("export CONVOY_OPENCL=/no/such/library; \(command)")
      #expect(outcome.ending == .exit(69) && outcome.output.isEmpty)
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains("CONVOY_OPENCL must name"))
    }
  }

  @Test(
    "without a device: 69; one that is not there: 64",
    .enabled(if: Requirement.opencl.isMet, "\(Requirement.opencl)"))
  func withoutDevice() {
    let none = bash("export OCL_ICD_VENDORS=/no/such/folder; \(Self.filter)")
    #expect(none.ending == .exit(69) && none.output.isEmpty, "\(none.errors)")
    #expect(none.errorLines.count == 1 && none.errors.contains("must have a device"))
    let other = bash("\(Self.filter) --device 99")
    #expect(other.ending == .exit(64) && other.output.isEmpty && other.errorLines.count == 1)
  }

  /// The library of `Tests/Faults/opencl.c`, which stands in place of OpenCL.
  private static let library: String? = {
    guard let compiler = Requirement.compiler.path, Requirement.opencl.isMet else { return nil }
    let library = "\(root)/.build/opencl-faults.so"
    let outcome = run([
      compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library,
      "\(root)/Tests/Faults/opencl.c",
    ])
    guard outcome.ending == .exit(0), outcome.errors.isEmpty else { fatalError(outcome.errors) }
    return library
  }()

  /// A call, the code that it gives, and how the tool ends: nil where it can go on.
  struct Fault: CustomTestStringConvertible, Sendable {
    let call: String
    let code: Int
    let status: Int32?
    var testDescription: String { "\(call) \(code)" }

    init(_ call: String, _ code: Int, _ status: Int32?) {
      (self.call, self.code, self.status) = (call, code, status)
    }

    static let all = [
      Fault("clGetPlatformIDs", -6, 74), Fault("clGetPlatformIDs", -1001, 69),
      Fault("clGetDeviceIDs", -1, 69), Fault("clGetDeviceIDs", -33, 74),
      Fault("clGetDeviceInfo", -30, nil), Fault("clCreateContext", -2, 74),
      Fault("clCreateCommandQueue", -6, 74), Fault("clCreateBuffer", -4, 70),
      Fault("clCreateBuffer", -61, 74), Fault("clCreateProgramWithSource", -6, 74),
      Fault("clBuildProgram", -11, 70), Fault("clBuildProgram", -3, 74),
      Fault("clCreateKernel", -46, 74), Fault("clSetKernelArg", -51, 74),
      Fault("clEnqueueNDRangeKernel", -54, 74), Fault("clEnqueueReadBuffer", -5, 74),
      Fault("clEnqueueWriteBuffer", -36, 74), Fault("clGetProgramInfo", -44, nil),
      Fault("clReleaseMemObject", -38, nil), Fault("clFinish", -36, nil),
    ]
  }

  @Test(
    "calls of OpenCL that fail: a stated status, one line, nothing partial",
    .enabled(if: Requirement.opencl.isMet, "\(Requirement.opencl)"),
    .enabled(if: Requirement.compiler.isMet, "\(Requirement.compiler)"), arguments: Fault.all)
  func failing(_ fault: Fault) throws {
    let library = try #require(Self.library)
    let well = bash(Self.filter)
    try withFolder { folder in
      // What compiles has a cache of its own: nothing in it was compiled before.
      let cache = fault.call.contains("Program") ? "XDG_CACHE_HOME='\(folder)'" : ""
      let outcome = bash(
        """
        export \(cache) CONVOY_OPENCL='\(library)' CONVOY_OPENCL_REAL=libOpenCL.so.1
        export CONVOY_OPENCL_FAULT='\(fault.call) 1 \(fault.code)'; \(Self.filter)
        """)
      guard let status = fault.status else {
        #expect(outcome.ending == .exit(0) && outcome.output == well.output, "\(outcome.errors)")
        return
      }
      #expect(outcome.ending == .exit(status) && outcome.output.isEmpty, "\(outcome)")
      #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("conv2d-gpu: "))
      if ![69, 70].contains(status) { #expect(outcome.errors.contains(fault.call)) }
    }
  }

  @Test(
    "a device that is lost in the middle ends a stream behind what is whole",
    .enabled(if: Requirement.opencl.isMet, "\(Requirement.opencl)"),
    .enabled(if: Requirement.compiler.isMet, "\(Requirement.compiler)"))
  func lost() throws {
    let library = try #require(Self.library)
    let x = "testdata/npy/conv-x.npy"
    let one = bash(Self.filter)
    let outcome = bash(
      """
      export CONVOY_OPENCL='\(library)' CONVOY_OPENCL_REAL=libOpenCL.so.1
      export CONVOY_OPENCL_FAULT='clEnqueueReadBuffer 3 -36'
      cat \(x) \(x) \(x) \(x) | \(Self.filter.replacing(" \(x)", with: "")) --skip-bad
      """)
    #expect(outcome.ending == .exit(74) && outcome.output == one.output + one.output)
    #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
  }

  @Test(
    "kernels are kept, and an entry that was cut, changed or cannot be kept costs only time",
    .enabled(if: Requirement.opencl.isMet, "\(Requirement.opencl)"))
  func cache() throws {
    let well = bash(Self.filter)
    try withFolder { folder in
      func again(_ setting: String = "") {
        let outcome = bash("export XDG_CACHE_HOME='\(folder)/new' \(setting); \(Self.filter)")
        #expect(outcome.ending == .exit(0) && outcome.output == well.output, "\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
      }
      again()
      let entries = names("\(folder)/new/convoy")
      #expect(!entries.isEmpty && entries.allSatisfy { $0.hasSuffix(".kernel") })
      for entry in entries {
        let path = "\(folder)/new/convoy/\(entry)"
        let bytes = try #require(contents(path))
        for damaged in [
          Array(bytes.dropLast(100)), [], Array(bytes.prefix(64)),
          bytes.dropLast() + [bytes[70] ^ 1],
        ] {
          put(damaged, path)
          again()
          #expect(contents(path) == bytes || (contents(path)?.count ?? 0) > 64)
        }
      }
      // An entry under the name of another.
      if entries.count > 1, let other = contents("\(folder)/new/convoy/\(entries[1])") {
        put(other, "\(folder)/new/convoy/\(entries[0])")
        again()
      }
      put([], "\(folder)/file")
      // PoCL keeps something too.
      let own = "POCL_CACHE_DIR='\(folder)/pocl'"
      again("\(own) XDG_CACHE_HOME='\(folder)/file'")
      again("\(own) XDG_CACHE_HOME=/dev/null/x HOME=/dev/null/x")
    }
  }

  @Test(
    "results have a device, are right, and stand beside the processor's in a summary",
    .enabled(if: Requirement.opencl.isMet, "\(Requirement.opencl)"))
  func bench() throws {
    try withFolder { folder in
      let outcome = bash(
        """
        sizes='--op conv2d --n 2 --c 3 --h 9 --w 9 --k 4 --r 3 --s 3 --pass forward_backward --name a'
        conv-bench-gpu $sizes --runs 2 --plot roofs.svg > there
        conv-bench $sizes --runs 2 > here
        conv-bench-gpu peak > peaks; conv-bench-gpu check --shapes 2 > checks
        conv-bench --summary --html page.html peaks here there checks
        conv-bench-gpu $sizes --runs 2 --compare here | grep -c '"ratio":[0-9]'
        """, folder: folder)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      // That two machines are compared is said once.
      #expect(outcome.errorLines.count == 1 && outcome.errors.contains("is of a processor"))
      let there = try #require(text("\(folder)/there")).split(separator: "\n")
      #expect(there.count == 5)
      for line in there {
        for key in ["device", "wall_ms", "copy_ms", "build_ms", "first_ms", "min_ms", "peak_share"]
        {
          #expect(line.contains("\"\(key)\":"), "\(key)")
        }
        #expect(line.contains("\"wrong\":false") && !line.contains("\"threads\""))
      }
      let tables = String(decoding: outcome.output, as: UTF8.self)
      #expect(tables.contains("the fastest on the processor and on a device"))
      #expect(text("\(folder)/roofs.svg")?.hasSuffix("</svg>\n") ?? false)
      #expect(text("\(folder)/page.html")?.hasSuffix("</html>\n") ?? false)
      #expect(tables.hasSuffix("\n5\n"))
    }
  }
}
