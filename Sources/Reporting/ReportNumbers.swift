import Streams

/// A share of 1 in percent: `12.3 %`.
func percent(_ value: Double, _ digits: Int = 1) -> String {
  value.isFinite ? "\(fixed(100 * value, digits)) %" : "-"
}

/// The same as a number alone, where the unit stands in the head of its table.
func hundreds(_ value: Double, _ digits: Int) -> String { fixed(100 * value, digits) }

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
