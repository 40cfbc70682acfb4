import Pages
import Streams

/// How implementations are known on pages and pictures: by a colour, a mark and some words.
enum ImplementationLook {
  /// The colour of an implementation: that of its bars and points.
  static func colour(_ name: String) -> ChartColour {
    switch name {
    case "direct": .grey
    case "swap": .lightOrange
    case "gemm": .blue
    case "winograd": .orange
    case "auto": .lightBlue
    case "bfloat16": .green
    case "int8": .purple
    default: .text
    }
  }

  /// What an implementation does, in a sentence.
  static func words(_ name: String) -> String? {
    switch name {
    case "direct":
      "The textbook’s loops, one window at a time, on one thread: what all others are held against."
    case "swap":
      "Forward as gemm does it. Backward as two more forward convolutions: for the gradient of the "
        + "input the kernels are turned, for that of the weights batch and channels are exchanged."
    case "gemm":
      "A matrix product (im2col), whose right side, a column for each window, is never written out."
    case "winograd":
      "Winograd’s minimal filtering for small windows, 2×2 to 5×5, with a stride of two 3×3 to "
        + "8×8: 36 multiplications for 16 outputs of 3×3 in place of 144, 64 for 36 in place of 324, "
        + "or 81 for 49 in place of 441, and additions before and behind."
    case "bfloat16":
      "gemm with the upper halves of floats, for inference: twice the products a second."
    case "int8":
      "gemm with whole numbers from -127 to 127 times a scale, for inference: four times the products."
    case "auto": "Whichever of gemm and winograd is estimated to be the faster for the shape."
    default: nil
    }
  }

  /// A point's mark, which tells the implementations apart without their colours too.
  static func mark(_ name: String, _ x: Double, _ y: Double) -> String {
    let colour = colour(name).rawValue
    func number(_ value: Double) -> Double { value.rounded(decimals: 2) }
    func path(_ corners: [(Double, Double)]) -> String {
      let places = corners.map { "\(number(x + $0.0)),\(number(y + $0.1))" }
      return "<path d='M\(places.joined(separator: "L"))Z' fill='\(colour)'/>"
    }
    switch name {
    case "direct": return path([(-4, -4), (4, -4), (4, 4), (-4, 4)])
    case "swap": return path([(-5, 4), (5, 4), (0, -5)])
    case "winograd": return path([(0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)])
    case "auto": return path([(-5, -4), (5, -4), (0, 5)])
    case "bfloat16": return path([(-4, -5), (5, 0), (-4, 5)])
    case "int8": return path([(4, -5), (-5, 0), (4, 5)])
    default:
      return "<circle cx='\(number(x))' cy='\(number(y))' r='4.3' fill='\(colour)'/>"
    }
  }
}
