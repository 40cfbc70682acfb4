/// A number with so many digits behind the point; `-` where it is not finite.
public func fixed(_ value: Double, _ digits: Int) -> String {
  let scale = powerOfTen(digits)
  let units = (value.magnitude * scale).rounded()
  guard units.isFinite else { return "-" }
  guard units < 0x1p63 else { return "\(value)" }
  let sign = value < 0 && units > 0 ? "-" : ""
  let count = Int(units, within: 0 ... .max)
  guard digits > 0 else { return "\(sign)\(count)" }
  let (whole, fraction) = count.quotientAndRemainder(dividingBy: Int(scale, within: 1 ... .max))
  return "\(sign)\(whole).\(zeroPadded(fraction, digits))"
}

/// A whole number that is not negative, with zeros before it up to so many digits.
public func zeroPadded(_ number: Int, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

extension Float {
  /// The double that its shortest text says: 0.001, and not what the nearest float is off by.
  public var asWritten: Double { Double("\(self)") ?? Double(self) }
}

extension Double {
  /// The nearest number of so many decimals.
  public func rounded(decimals: Int) -> Double {
    let scale = powerOfTen(decimals)
    return (self * scale).rounded() / scale
  }

  /// The nearest number of so many digits, counted from the first that is not 0.
  public func rounded(significant digits: Int) -> Double {
    guard self != 0, isFinite else { return self }
    var scale = 1.0
    let limit = powerOfTen(digits - 1)
    while magnitude * scale < limit { scale *= 10 }
    return (self * scale).rounded() / scale
  }
}

private func powerOfTen(_ exponent: Int) -> Double {
  (0..<exponent).reduce(1.0) { power, _ in power * 10 }
}
