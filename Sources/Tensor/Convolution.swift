/// Convolution as a matrix product whose right side is packed from the picture as it is needed.
///
/// Weights [outChannel, window] times columns [window, pixel]. Columns are 64 pixels wide and packed
/// for a part of the window at a time, so that they stay in the first-level cache (36 KiB).
public func conv2d(
  _ shape: ConvolutionShape, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, scratch: Scratch,
  kernels: Kernels = .current
) {
  scratch.reset()
  convolve(shape, input, weight, bias, output, scratch, kernels)
}

/// The gradients of `conv2d`: of the input where it is wanted; of weight and bias, which are added to.
///
/// Only stride 1 has a fast path today; other strides take the plain one.
public func conv2dBackward(
  _ shape: ConvolutionShape, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  gradOutput: UnsafePointer<Float>, gradInput: UnsafeMutablePointer<Float>?,
  gradWeight: UnsafeMutablePointer<Float>, gradBias: UnsafeMutablePointer<Float>,
  scratch: Scratch, kernels: Kernels = .current
) {
  let pixels = shape.batch * shape.outHeight * shape.outWidth
  guard shape.stride == 1, shape.padding <= shape.dilation * (shape.kernelWidth - 1),
    shape.padding <= shape.dilation * (shape.kernelHeight - 1)
  else {
    plainBackward(shape, input, weight, gradOutput, gradInput, gradWeight, gradBias)
    return
  }
  for channel in 0..<shape.outChannels {
    gradBias[channel] += sum(gradOutput + channel * pixels, count: pixels)
  }
  scratch.reset()
  correlate(shape, input, gradOutput, gradWeight, scratch, kernels)
  guard let gradInput else { return }
  scratch.reset()
  // The input's gradient is a convolution of the output's gradient with the weights turned around.
  let turned = scratch.take(shape.weightCount)
  turn(shape, weight, turned)
  let (inGroup, outGroup) = (shape.inChannels / shape.groups, shape.outChannels / shape.groups)
  let rowPadding = shape.dilation * (shape.kernelHeight - 1) - shape.padding
  let columnPadding = shape.dilation * (shape.kernelWidth - 1) - shape.padding
  convolve(
    Geometry(
      batch: shape.batch, inGroup: outGroup, outGroup: inGroup, groups: shape.groups,
      height: shape.outHeight, width: shape.outWidth, kernelHeight: shape.kernelHeight,
      kernelWidth: shape.kernelWidth, stride: 1, dilation: shape.dilation,
      rowPadding: rowPadding, columnPadding: columnPadding, outHeight: shape.height,
      outWidth: shape.width),
    gradOutput, turned, nil, gradInput, scratch, kernels)
}

/// What the loops need of a convolution; paddings may differ by direction, as they do backwards.
private struct Geometry {
  var batch, inGroup, outGroup, groups: Int
  var height, width, kernelHeight, kernelWidth, stride, dilation: Int
  var rowPadding, columnPadding, outHeight, outWidth: Int

  var paddedWidth: Int { width + 2 * columnPadding }
  var paddedPlane: Int { (height + 2 * rowPadding) * paddedWidth }
  var window: Int { inGroup * kernelHeight * kernelWidth }
  var pixels: Int { batch * outHeight * outWidth }
}

extension Geometry {
  init(_ s: ConvolutionShape) {
    self.init(
      batch: s.batch, inGroup: s.inChannels / s.groups, outGroup: s.outChannels / s.groups,
      groups: s.groups, height: s.height, width: s.width, kernelHeight: s.kernelHeight,
      kernelWidth: s.kernelWidth, stride: s.stride, dilation: s.dilation, rowPadding: s.padding,
      columnPadding: s.padding, outHeight: s.outHeight, outWidth: s.outWidth)
  }

  /// Where each element of the window lies, counted from the window's first pixel.
  func windowOffsets(_ scratch: Scratch, padTo multiple: Int = 1) -> UnsafeMutablePointer<Int> {
    let count = (window + multiple - 1) / multiple * multiple
    let offsets = scratch.take(count, of: Int.self)
    var place = 0
    for channel in 0..<inGroup {
      for r in 0..<kernelHeight {
        for q in 0..<kernelWidth {
          offsets[place] =
            channel * batch * paddedPlane + r * dilation * paddedWidth + q * dilation
          place += 1
        }
      }
    }
    for place in window..<max(window, count) { offsets[place] = 0 }
    return offsets
  }

  /// One group's input with zeros around every picture, and room to read a vector past its end.
  func padded(
    _ input: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
  ) {
    let count = inGroup * batch * paddedPlane
    target.update(repeating: 0, count: count + 16)
    for picture in 0..<inGroup * batch {
      for row in 0..<height {
        (target + picture * paddedPlane + (row + rowPadding) * paddedWidth + columnPadding)
          .update(from: input + (picture * height + row) * width, count: width)
      }
    }
  }
}

private func convolve(
  _ shape: ConvolutionShape, _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
  _ bias: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>, _ scratch: Scratch,
  _ kernels: Kernels
) {
  convolve(Geometry(shape), input, weight, bias, output, scratch, kernels)
}

private func convolve(
  _ g: Geometry, _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
  _ bias: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>, _ scratch: Scratch,
  _ kernels: Kernels
) {
  let wide = kernels.wide
  let depthLimit = 144
  let (window, pixels) = (g.window, g.pixels)
  let offsets = g.windowOffsets(scratch)
  let source = scratch.take(g.inGroup * g.batch * g.paddedPlane + 16)
  let panel = scratch.take(depthLimit * wide + 16)
  let edgeC = scratch.take(6 * wide)
  let rowOffsets = scratch.take(6, of: Int.self)
  let starts = scratch.take(wide, of: Int.self)
  let lengths = scratch.take(wide, of: Int.self)

  for group in 0..<g.groups {
    let weights = weight + group * g.outGroup * window
    let result = output + group * g.outGroup * pixels
    g.padded(input + group * g.inGroup * g.batch * g.height * g.width, source)
    for channel in 0..<g.outGroup {
      let value = bias?[group * g.outGroup + channel] ?? 0
      (result + channel * pixels).update(repeating: value, count: pixels)
    }
    for j in stride(from: 0, to: pixels, by: wide) {
      let columns = min(wide, pixels - j)
      let runs = findRuns(g, j, columns, starts, lengths)
      for k0 in stride(from: 0, to: window, by: depthLimit) {
        let depth = min(depthLimit, window - k0)
        for d in 0..<depth {
          kernels.copyRuns(runs, lengths, source + offsets[k0 + d], starts, panel + d * wide)
        }
        for i in stride(from: 0, to: g.outGroup, by: 6) {
          let rows = min(6, g.outGroup - i)
          for row in 0..<6 { rowOffsets[row] = min(row, rows - 1) * window }
          let direct = rows == 6 && columns == wide
          kernels.correlate6(
            1, depth, 0, weights + i * window + k0, rowOffsets, panel, wide,
            direct ? result + i * pixels + j : edgeC, direct ? pixels : wide, direct)
          guard !direct else { continue }
          for row in 0..<rows {
            let to = result + (i + row) * pixels + j
            for column in 0..<columns { to[column] += edgeC[row * wide + column] }
          }
        }
      }
    }
  }
}

/// The output pixels `first ..< first + count` as pieces that lie side by side in the padded input.
private func findRuns(
  _ g: Geometry, _ first: Int, _ count: Int, _ starts: UnsafeMutablePointer<Int>,
  _ lengths: UnsafeMutablePointer<Int>
) -> Int {
  var runs = 0
  var pixel = first
  while pixel < first + count {
    let (row, x) = pixel.quotientAndRemainder(dividingBy: g.outWidth)
    let (picture, y) = row.quotientAndRemainder(dividingBy: g.outHeight)
    starts[runs] = picture * g.paddedPlane + y * g.stride * g.paddedWidth + x * g.stride
    lengths[runs] = g.stride == 1 ? min(g.outWidth - x, first + count - pixel) : 1
    pixel += lengths[runs]
    runs += 1
  }
  return runs
}

/// gradWeight += input ∗ gradOutput, stride 1.
private func correlate(
  _ shape: ConvolutionShape, _ input: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>,
  _ gradWeight: UnsafeMutablePointer<Float>, _ scratch: Scratch, _ kernels: Kernels
) {
  let g = Geometry(shape)
  let window = g.window
  let tiledWindow = (window + 5) / 6 * 6
  let pixelsOfPicture = g.outHeight * g.outWidth
  let channels = (g.outGroup + kernels.narrow - 1) / kernels.narrow * kernels.narrow
  let offsets = g.windowOffsets(scratch, padTo: 6)
  let source = scratch.take(g.inGroup * g.batch * g.paddedPlane + 16)
  let gradients = scratch.take(pixelsOfPicture * channels)
  let sums = scratch.take(tiledWindow * channels)

  for group in 0..<g.groups {
    g.padded(input + group * g.inGroup * g.batch * g.height * g.width, source)
    sums.update(repeating: 0, count: tiledWindow * channels)
    for picture in 0..<g.batch {
      packTransposed(
        gradients, channels,
        gradOutput + (group * g.outGroup * g.batch + picture) * pixelsOfPicture,
        g.batch * pixelsOfPicture, columns: g.outGroup, depth: pixelsOfPicture)
      for k in stride(from: 0, to: tiledWindow, by: 6) {
        var channel = 0
        while channel < channels {
          let isWide = channels - channel >= kernels.wide
          let tile = isWide ? kernels.correlate6 : kernels.narrowCorrelate6
          tile(
            g.outHeight, g.outWidth, g.paddedWidth, source + picture * g.paddedPlane, offsets + k,
            gradients + channel, channels, sums + k * channels + channel, channels, true)
          channel += isWide ? kernels.wide : kernels.narrow
        }
      }
    }
    for channel in 0..<g.outGroup {
      let target = gradWeight + (group * g.outGroup + channel) * window
      for place in 0..<window { target[place] += sums[place * channels + channel] }
    }
  }
}

/// turned[in, out, r, q] = weight[out, in, R - 1 - r, Q - 1 - q], group by group.
private func turn(
  _ s: ConvolutionShape, _ weight: UnsafePointer<Float>, _ turned: UnsafeMutablePointer<Float>
) {
  let (inGroup, outGroup) = (s.inChannels / s.groups, s.outChannels / s.groups)
  let area = s.kernelHeight * s.kernelWidth
  for group in 0..<s.groups {
    let base = group * outGroup * inGroup * area
    for out in 0..<outGroup {
      for channel in 0..<inGroup {
        for place in 0..<area {
          turned[base + (channel * outGroup + out) * area + area - 1 - place] =
            weight[base + (out * inGroup + channel) * area + place]
        }
      }
    }
  }
}

private func plainBackward(
  _ s: ConvolutionShape, _ input: UnsafePointer<Float>, _ weight: UnsafePointer<Float>,
  _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>?,
  _ gradWeight: UnsafeMutablePointer<Float>, _ gradBias: UnsafeMutablePointer<Float>
) {
  func array(_ pointer: UnsafePointer<Float>, _ count: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: pointer, count: count))
  }
  let gradients = ConvolutionReference.backward(
    s, input: array(input, s.inputCount), weight: array(weight, s.weightCount),
    gradOutput: array(gradOutput, s.outputCount))
  gradInput?.update(from: gradients.input, count: s.inputCount)
  for (index, value) in gradients.weight.enumerated() { gradWeight[index] += value }
  for (index, value) in gradients.bias.enumerated() { gradBias[index] += value }
}
