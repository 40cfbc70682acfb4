import Streams

/// One day of one instrument: the eight values of a row of `bars`, all NaN on a suspended day.
public struct Bar: Sendable {
  /// Open, high, low, close, volume, vwap, factor, change.
  public var values: SIMD8<Float>

  /// A bar of its values, in the order of the fields.
  public init(_ values: SIMD8<Float>) { self.values = values }

  /// A day without trade.
  public static let suspended = Bar(SIMD8(repeating: .nan))

  /// Whether it is that, to the bit.
  var isSuspended: Bool {
    unsafeBitCast(values, to: SIMD8<UInt32>.self)
      == unsafeBitCast(Self.suspended.values, to: SIMD8<UInt32>.self)
  }

  /// Whether open, high, low, close and volume are the same numbers.
  func hasPricesAndVolume(of other: Bar) -> Bool {
    values.lowHalf == other.values.lowHalf && volume == other.volume
  }

  /// The first price.
  public var open: Float { values[0] }
  /// The highest price.
  public var high: Float { values[1] }
  /// The lowest price.
  public var low: Float { values[2] }
  /// The last price.
  public var close: Float { values[3] }
  /// The shares traded.
  public var volume: Float { values[4] }
  /// The mean price, each share counted alike.
  public var vwap: Float { values[5] }
  /// Adjusted price divided by the price that was paid.
  public var factor: Float { values[6] }
  /// Close divided by the last valid close, less 1.
  public var change: Float { values[7] }

  /// The names of the values, in order.
  public static let names = ["open", "high", "low", "close", "volume", "vwap", "factor", "change"]
}
