import CPNG
import CZlib
import OutOfMemory

/// PNG files one after the other.
///
/// libpng decodes the pixels; the chunks are read here, to find where a file ends and to read its
/// `tEXt`, which libpng's simple interface lacks.
///
/// Source: PNG specification, third edition, sections 5 and 11.
extension ByteReader {
  /// Every picture of every source, in grey; throws `badData` where one is damaged or cut short.
  public func pictures(_ body: (Picture) throws -> Void) throws {
    try forEachSource {
      var number = 0
      while try !peek(1).isEmpty {
        number += 1
        let place = "\(name): picture \(number)"
        do {
          let (file, texts) = try nextPNG()
          try badRecords.attempt(place) {
            var picture = try decodePNG(file)
            picture.texts = texts
            try body(picture)
          }
        } catch let error as PNGError {
          throw Failure.badData(place, error.description)
        }
      }
    }
  }

  /// The bytes of the PNG file that starts here, and its texts.
  private func nextPNG() throws -> (file: [UInt8], texts: [(keyword: String, text: String)]) {
    var file: [UInt8] = []
    var texts: [(keyword: String, text: String)] = []
    var textSize = 0
    func take(_ count: Int, _ what: String) throws -> Range<Int> {
      guard file.count + count <= fileLimit else {
        throw PNGError("file is over \(fileLimit) bytes")
      }
      let start = file.count
      while file.count < start + count, case let bytes = try available(), !bytes.isEmpty {
        let taken = bytes.prefix(start + count - file.count)
        file.append(contentsOf: taken)
        skip(taken.count)
      }
      guard file.count == start + count else {
        throw PNGError(
          "\(what) is cut short: expected \(count) bytes, got \(file.count - start)")
      }
      return start..<file.count
    }
    let head = try peek(8)
    guard head.starts(with: pngSignature.prefix(head.count)) else {
      let kind = offset == 0 ? SourceKind(try peek(16))?.sentence ?? "" : ""
      throw PNGError("not a PNG file: it does not start with \\x89PNG" + kind)
    }
    _ = try take(8, "signature")
    while true {
      let header = try take(8, "chunk header")
      let length = file[header].prefix(4).reduce(0) { $0 << 8 | Int($1) }
      let kind = String(decoding: file[header].suffix(4), as: UTF8.self)
      if kind == "tEXt" {
        // Each takes some memory of its own.
        textSize += 64 + length
        guard textSize <= textLimit else {
          throw PNGError("texts are over \(textLimit) bytes, and 64 for each")
        }
      }
      let data = try take(length, "chunk \(kind)")
      let checksum = file[try take(4, "checksum of \(kind)")].reduce(0) { $0 << 8 | UInt32($1) }
      let actual = crc(file[header.lowerBound + 4..<data.upperBound])
      guard checksum == actual else { throw PNGError("checksum of chunk \(kind) is wrong") }
      if kind == "tEXt", let split = file[data].firstIndex(of: 0) {
        texts.append(
          (text(file[data.lowerBound..<split]), text(file[(split + 1)..<data.upperBound])))
      }
      // Whatever else a picture says of itself is not needed to decode it.
      if file[header.lowerBound + 4] & 0x20 != 0, !decodingChunks.contains(kind) {
        file.removeSubrange(header.lowerBound...)
      }
      if kind == "IEND" { return (file, texts) }
    }
  }
}

/// What is wrong with a PNG file; the reader adds the place.
struct PNGError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// `\x89PNG` and the line ends that transfers tend to break.
let pngSignature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/// The largest file read, in bytes.
private let fileLimit = 1 << 27

/// The most that the texts of a picture may hold, in bytes.
private let textLimit = 1 << 20

/// The chunks that say something of the pixels among those that are optional, which begin with a small
/// letter.
private let decodingChunks: Set<String> = ["tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD"]

/// The largest picture read, in pixels: what a bomb of a few kilobytes could otherwise unfold to.
private let pixelLimit = 1 << 26

private func decodePNG(_ file: [UInt8]) throws -> Picture {
  var image = png_image()
  image.version = UInt32(PNG_IMAGE_VERSION)
  defer { png_image_free(&image) }
  guard png_image_begin_read_from_memory(&image, file, file.count) != 0 else {
    throw PNGError(message(image))
  }
  let (width, height) = (Int(image.width), Int(image.height))
  guard width * height <= pixelLimit else {
    throw PNGError("picture is over \(pixelLimit) pixels: \(width)×\(height)")
  }
  image.format = UInt32(PNG_FORMAT_GRAY)
  var samples = [UInt8](repeating: 0, count: width * height)
  // What is transparent shows white paper.
  var paper = png_color(red: 255, green: 255, blue: 255)
  guard png_image_finish_read(&image, &paper, &samples, Int32(width), nil) != 0 else {
    throw PNGError(message(image))
  }
  return Picture(width: width, height: height, samples: samples)
}

private func message(_ image: png_image) -> String {
  let text = withUnsafeBytes(of: image.message) { bytes in
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
  if text.lowercased().contains("out of memory") { out_of_memory(0) }
  return text
}

private func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.withUnsafeBufferPointer {
    UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count)))
  }
}

/// A text of a PNG file: UTF-8 where it is that, else Latin-1.
///
/// PNG says Latin-1, but ids in other scripts are written as UTF-8, which other readers pass through.
private func text(_ bytes: ArraySlice<UInt8>) -> String {
  if let text = String(validating: bytes, as: UTF8.self) { return text }
  return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}
