/// A number with so many digits behind the point; `-` where it is not finite.
func fixed(_ value: Double, _ digits: Int) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let units = (value.magnitude * scale).rounded()
  guard units.isFinite else { return "-" }
  guard units < 0x1p63 else { return "\(value)" }
  let sign = value < 0 && units > 0 ? "-" : ""
  guard digits > 0 else { return "\(sign)\(Int(units))" }
  let (whole, fraction) = Int(units).quotientAndRemainder(dividingBy: Int(scale))
  let text = String(fraction)
  return "\(sign)\(whole).\(String(repeating: "0", count: digits - text.utf8.count))\(text)"
}

/// A share of 1 in percent: `12.3 %`.
func percent(_ value: Double, _ digits: Int = 1) -> String {
  value.isFinite ? "\(fixed(100 * value, digits)) %" : "-"
}

/// An amount with its thousands set apart.
func grouped(_ value: Double) -> String {
  let digits = fixed(value.magnitude, 0)
  guard value.isFinite else { return digits }
  var text = ""
  for (place, digit) in digits.enumerated() {
    if place > 0, (digits.utf8.count - place) % 3 == 0 { text += "," }
    text.append(digit)
  }
  return value < 0 ? "-\(text)" : text
}
