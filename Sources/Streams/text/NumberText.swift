/// A number with so many digits behind the point; `-` where it is not finite.
public func fixed(_ value: Double, _ digits: Int) -> String {
  let scale = powerOfTen(digits)
  let units = (value.magnitude * scale).rounded()
  guard units.isFinite else { return "-" }
  guard units < 0x1p63 else { return "\(value)" }
  let sign = value < 0 && units > 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(Int(units))" }
  let (whole, fraction) = Int(units).quotientAndRemainder(dividingBy: Int(scale))
  return "\(sign)\(whole).\(zeroPadded(fraction, digits))"
}

/// A whole number that is not negative, with zeros before it up to so many digits.
public func zeroPadded(_ number: Int, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

/// The number nearest to a value that has so many decimals.
public func rounded(_ value: Double, decimals: Int) -> Double {
  let scale = powerOfTen(decimals)
  return (value * scale).rounded() / scale
}

/// The number nearest to a value that has so many digits, from the first that is not 0.
public func rounded(_ value: Double, significant digits: Int) -> Double {
  guard value != 0, value.isFinite else { return value }
  var scale = 1.0
  let limit = powerOfTen(digits - 1)
  while abs(value) * scale < limit { scale *= 10 }
  return (value * scale).rounded() / scale
}

private func powerOfTen(_ exponent: Int) -> Double {
  (0..<exponent).reduce(1.0) { power, _ in power * 10 }
}
