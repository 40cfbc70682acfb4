extension JSONWriter {
  /// A key and its text.
  public mutating func put(_ key: String, _ text: String) {
    self.key(key)
    value(text)
  }

  /// A key and its whole number.
  public mutating func put(_ key: String, _ number: Int) {
    self.key(key)
    value(number)
  }

  /// A key and its number; null where it is not finite.
  public mutating func put(_ key: String, _ number: Double) {
    self.key(key)
    value(number)
  }

  /// A key and an array of numbers.
  public mutating func put(_ key: String, _ numbers: [Double]) {
    self.key(key)
    beginArray()
    for number in numbers { value(number) }
    endArray()
  }
}
