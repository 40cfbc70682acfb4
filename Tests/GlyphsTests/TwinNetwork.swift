import Tensor

@testable import Glyphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The same network as the textbook writes it, in Double, sample by sample: no buffers, no layout.
struct TwinNetwork {
  let network: Network
  var values: [Double]

  init(_ network: Network) {
    self.network = network
    values = network.values.values.map(Double.init)
  }

  /// The logits of one picture; no dropout.
  func logits(_ picture: [Double]) -> [Double] {
    var x = picture
    for stage in network.stages { x = apply(stage, x) }
    return x
  }

  /// The mean smoothed cross-entropy of some pictures.
  func loss(_ pictures: [[Double]], _ labels: [Int], smoothing: Double) -> Double {
    var total = 0.0
    for (picture, label) in zip(pictures, labels) {
      let logits = logits(picture)
      let norm = log(logits.reduce(0) { $0 + exp($1) })
      for (c, logit) in logits.enumerated() {
        let target = smoothing / Double(logits.count) + (c == label ? 1 - smoothing : 0)
        total += target * (norm - logit)
      }
    }
    return total / Double(pictures.count)
  }

  private func apply(_ s: Network.Stage, _ x: [Double]) -> [Double] {
    switch s.kind {
    case .relu: return x.map { max(0, $0) }
    case .dropout: return x
    case .linear:
      return (0..<s.outputs).map { row in
        (0..<s.inputs).reduce(values[s.bias + row]) {
          $0 + values[s.weight + row * s.inputs + $1] * x[$1]
        }
      }
    case .pool(let floor):
      var y = [Double](repeating: Double(floor), count: s.outputs)
      for channel in 0..<s.channels {
        for row in 0..<2 * s.outHeight {
          for column in 0..<2 * s.outWidth {
            let place = (channel * s.outHeight + row / 2) * s.outWidth + column / 2
            y[place] = max(y[place], x[(channel * s.height + row) * s.width + column])
          }
        }
      }
      return y
    case .convolution(let rows, let columns, let padding):
      var y = [Double](repeating: 0, count: s.outputs)
      for out in 0..<s.outChannels {
        for i in 0..<s.outHeight {
          for j in 0..<s.outWidth {
            var sum = values[s.bias + out]
            for channel in 0..<s.channels {
              for r in 0..<rows {
                for q in 0..<columns {
                  let (row, column) = (i + r - padding, j + q - padding)
                  guard row >= 0, row < s.height, column >= 0, column < s.width else { continue }
                  let weight = ((out * s.channels + channel) * rows + r) * columns + q
                  sum +=
                    values[s.weight + weight] * x[(channel * s.height + row) * s.width + column]
                }
              }
            }
            y[(out * s.outHeight + i) * s.outWidth + j] = sum
          }
        }
      }
      return y
    }
  }
}
