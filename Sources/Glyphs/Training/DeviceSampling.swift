import Ink
import NeuralNet

/// How another device would have taken down a stroke, in pixels of 28.
struct DeviceSampling {
  /// Of how many points one is kept.
  let step: Int
  /// The deviation of the shaking, and the side of the grid, 0 for none.
  let shake, grid: Float

  init(_ random: inout RandomNumbers) {
    step = random.uniform() < 0.6 ? 2 + random.index(below: 3) : 1
    shake = random.uniform() < 0.5 ? 0.35 * random.uniform() : 0
    grid = random.uniform() < 0.25 ? 0.4 + 0.6 * random.uniform() : 0
  }

  func sampled(_ points: [Point], _ random: inout RandomNumbers) -> [Point] {
    // What has few points already was drawn by such a device.
    let step = points.count > 6 * self.step ? self.step : 1
    return points.indices.filter { $0 % step == 0 || $0 == points.count - 1 }.map { place in
      var point = points[place]
      point.x += Double(shake * random.normal())
      point.y += Double(shake * random.normal())
      return grid > 0 ? (point / Double(grid)).rounded(.toNearestOrEven) * Double(grid) : point
    }
  }
}
