import NeuralNet

extension Network {
  /// Takes the weights of a model with the same layers; classes that it lacks keep theirs.
  ///
  /// False, and nothing taken, where a layer but the last differs, or the model has a class that is not
  /// among `classes`.
  func take(_ model: Model, classes: [String]) -> Bool {
    let other = model.network
    let count = parameters.count - 2
    guard parameters.count == other.parameters.count, count >= 0,
      architecture.layers.dropLast() == other.architecture.layers.dropLast(),
      (architecture.height, architecture.width)
        == (other.architecture.height, other.architecture.width),
      architecture.normalisation == other.architecture.normalisation,
      Set(model.classes).isSubset(of: classes)
    else { return false }
    for (own, theirs) in zip(parameters, other.parameters).prefix(count) {
      guard own.shape == theirs.shape else { return false }
    }
    for (own, theirs) in zip(parameters, other.parameters).prefix(count) {
      (values.start + own.offset).update(
        from: other.values.start + theirs.offset, count: own.count)
    }
    for (own, theirs) in zip(parameters, other.parameters).suffix(2) {
      let row = theirs.count / model.classes.count
      for (place, name) in model.classes.enumerated() {
        guard let target = classes.firstIndex(of: name) else { continue }
        (values.start + own.offset + target * row).update(
          from: other.values.start + theirs.offset + place * row, count: row)
      }
    }
    return true
  }
}
