import VectorLanes

// Moving floats: runs of pixels into a panel, rows copied and added, a sum.

@inline(__always)
private func move<Floats>(
  _ type: Floats.Type, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  UnsafeMutableRawPointer(target).storeBytes(
    of: UnsafeRawPointer(source).loadUnaligned(as: Floats.self), as: Floats.self)
}

/// Copies `count` floats, and touches none beside them: the last vector overlaps the one before.
@inline(__always)
private func copyRun(
  _ count: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  let width = Vector.scalarCount
  if count >= width {
    var x = 0
    while x + width < count {
      move(Vector.self, source + x, target + x)
      x += width
    }
    move(Vector.self, source + count - width, target + count - width)
  } else if count >= 8 {
    move(SIMD8<Float>.self, source, target)
    move(SIMD8<Float>.self, source + count - 8, target + count - 8)
  } else if count >= 4 {
    move(SIMD4<Float>.self, source, target)
    move(SIMD4<Float>.self, source + count - 4, target + count - 4)
  } else {
    for x in 0..<count { target[x] = source[x] }
  }
}

extension CompiledKernels {
  /// Moves runs of 16, 8, 4 and 1 floats into a panel, `counts` of each; move i of a row goes from
  /// `sources[i]` to `targets[i]`, those of each width `room` further on in the tables.
  ///
  /// Row r is read `depths[r]` floats further on, and written `targetRow` floats apart.
  @inline(never)
  static func packMoves(
    _ counts: UnsafePointer<Int>, _ room: Int, _ sources: UnsafePointer<Int>,
    _ targets: UnsafePointer<Int>, _ rows: Int, _ depths: UnsafePointer<Int>,
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
  ) {
    let (wide, eights, fours, ones) = (counts[0], counts[1], counts[2], counts[3])
    // Most panels are a few wide moves: where they go is kept in registers.
    if eights + fours + ones == 0, wide == 3 || wide == 4 {
      let last = wide - 1
      let (s0, s1, s2) = (source + sources[0], source + sources[1], source + sources[2])
      let s3 = source + sources[last]
      var (t0, t1, t2) = (target + targets[0], target + targets[1], target + targets[2])
      var t3 = target + targets[last]
      for row in 0..<rows {
        let depth = depths[row]
        move(SIMD16<Float>.self, s0 + depth, t0)
        move(SIMD16<Float>.self, s1 + depth, t1)
        move(SIMD16<Float>.self, s2 + depth, t2)
        // Of three, the last one is moved twice.
        move(SIMD16<Float>.self, s3 + depth, t3)
        t0 += targetRow
        t1 += targetRow
        t2 += targetRow
        t3 += targetRow
      }
      return
    }
    var to = target
    for row in 0..<rows {
      let from = source + depths[row]
      for i in 0..<wide { move(SIMD16<Float>.self, from + sources[i], to + targets[i]) }
      for i in room..<room + eights { move(SIMD8<Float>.self, from + sources[i], to + targets[i]) }
      for i in 2 * room..<2 * room + fours {
        move(SIMD4<Float>.self, from + sources[i], to + targets[i])
      }
      for i in 3 * room..<3 * room + ones { (to + targets[i])[0] = (from + sources[i])[0] }
      to += targetRow
    }
  }

  /// Deals rows of `width` floats that lie one after the other to the four phases of a stride of two.
  ///
  /// Rows are counted from `first`; the even ones go to the first two targets, the odd ones to the
  /// others, and of each the floats at even places to the first of the two. A target has a row for
  /// every second one, `targetRow` floats apart; null where nothing of its phase is wanted. The rows
  /// `ahead` floats further on are asked for: they are wanted next.
  @inline(never)
  static func dealRows(
    _ first: Int, _ rows: Int, _ width: Int, _ source: UnsafePointer<Float>,
    _ targets: UnsafePointer<UnsafeMutablePointer<Float>?>, _ targetRow: Int, _ evens: Int,
    _ odds: Int, _ ahead: Int
  ) {
    for row in 0..<rows {
      for x in stride(from: 0, to: width, by: 16) { fetchSoon(source + ahead + row * width + x) }
      let phase = 2 * ((first + row) & 1)
      let place = (first + row) / 2 * targetRow
      dealRow(
        source + row * width, width, targets[phase].map { $0 + place }, evens,
        targets[phase + 1].map { $0 + place }, odds)
    }
  }

  /// target[2 i] = evens[i], target[2 i + 1] = odds[i].
  @inline(never)
  static func weave(
    _ count: Int, _ evens: UnsafePointer<Float>, _ odds: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    weaveRow(evens, odds, count, target)
  }

  /// target[2 i] = source[i].
  @inline(never)
  static func putSeconds(
    _ count: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
  ) {
    putEverySecond(source, count, target)
  }

  /// Copies `rows` rows of `count` floats.
  @inline(never)
  static func copyRows(
    _ rows: Int, _ count: Int, _ source: UnsafePointer<Float>, _ sourceRow: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
  ) {
    for row in 0..<rows { copyRun(count, source + row * sourceRow, target + row * targetRow) }
  }

  /// target += source for `rows` rows of `count` floats.
  @inline(never)
  static func addRows(
    _ rows: Int, _ count: Int, _ source: UnsafePointer<Float>, _ sourceRow: Int,
    _ target: UnsafeMutablePointer<Float>, _ targetRow: Int
  ) {
    for row in 0..<rows {
      let (from, to) = (source + row * sourceRow, target + row * targetRow)
      for x in 0..<count { to[x] += from[x] }
    }
  }

  /// The sum of `count` floats, added in vectors.
  @inline(never)
  static func sum(_ count: Int, _ values: UnsafePointer<Float>) -> Float {
    let width = Vector.scalarCount
    var (even, odd) = (Vector.zero, Vector.zero)
    var x = 0
    while x + 2 * width <= count {
      even += UnsafeRawPointer(values + x).loadUnaligned(as: Vector.self)
      odd += UnsafeRawPointer(values + x + width).loadUnaligned(as: Vector.self)
      x += 2 * width
    }
    var total = (even + odd).sum()
    while x < count {
      total += values[x]
      x += 1
    }
    return total
  }
}
