// The conversions of Swift's own library under their own names, so that the compiler finds whoever
// uses them: a deprecation is an error, and Package.swift imports this module into all others.

import Mechanics

extension Int {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}

extension Int8 {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int8(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int8(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}

extension Int16 {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int16(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int16(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}

extension Int32 {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int32(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int32(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}

extension Int64 {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int64(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: Int64(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}

extension UInt {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}

extension UInt8 {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt8(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt8(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}

extension UInt16 {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt16(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt16(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}

extension UInt32 {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt32(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt32(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}

extension UInt64 {
  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt64(_:within:)")
  public init(_ value: Double) { self.init(value, within: .min ... .max) }

  /// Swift's conversion, which may trap.
  @available(*, deprecated, message: "a number out of range ends the process: UInt64(_:within:)")
  public init(_ value: Float) { self.init(value, within: .min ... .max) }
}
