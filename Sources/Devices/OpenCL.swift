import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The functions of OpenCL 1.2 that are used, found in the system's library at run time.
///
/// Nothing is linked, so that tools start, help and complain on machines without OpenCL. Types are those of
/// `cl.h`: handles are pointers to what only the library knows. Source: the OpenCL 1.2 specification.
struct OpenCL: @unchecked Sendable {
  typealias Handle = OpaquePointer
  /// A query of some object: object, parameter, room, target, bytes needed.
  typealias Query =
    @convention(c) (
      Handle?, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?
    ) -> Int32
  /// A query of what was built, or of a program, for one device.
  typealias BuildQuery =
    @convention(c) (
      Handle?, Handle?, UInt32, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?
    ) -> Int32
  typealias Release = @convention(c) (Handle?) -> Int32
  /// A copy between memory and buffer: queue, buffer, whether to wait, offset, bytes, memory, events.
  typealias Copy =
    @convention(c) (
      Handle?, Handle?, UInt32, Int, Int, UnsafeMutableRawPointer?, UInt32,
      UnsafePointer<Handle?>?, UnsafeMutablePointer<Handle?>?
    ) -> Int32

  let getPlatformIDs:
    @convention(c) (UInt32, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<UInt32>?) -> Int32
  let getDeviceIDs:
    @convention(c) (
      Handle?, UInt64, UInt32, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<UInt32>?
    ) -> Int32
  let getPlatformInfo, getDeviceInfo, getProgramInfo, getEventProfilingInfo: Query
  let getProgramBuildInfo: BuildQuery
  let createContext:
    @convention(c) (
      UnsafePointer<Int>?, UInt32, UnsafePointer<Handle?>?, UnsafeRawPointer?,
      UnsafeMutableRawPointer?, UnsafeMutablePointer<Int32>?
    ) -> Handle?
  let createCommandQueue:
    @convention(c) (Handle?, Handle?, UInt64, UnsafeMutablePointer<Int32>?) -> Handle?
  let createBuffer:
    @convention(c) (
      Handle?, UInt64, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int32>?
    ) -> Handle?
  let createProgramWithSource:
    @convention(c) (
      Handle?, UInt32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int>?,
      UnsafeMutablePointer<Int32>?
    ) -> Handle?
  let createProgramWithBinary:
    @convention(c) (
      Handle?, UInt32, UnsafePointer<Handle?>?, UnsafePointer<Int>?,
      UnsafePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<Int32>?,
      UnsafeMutablePointer<Int32>?
    ) -> Handle?
  let buildProgram:
    @convention(c) (
      Handle?, UInt32, UnsafePointer<Handle?>?, UnsafePointer<CChar>?, UnsafeRawPointer?,
      UnsafeMutableRawPointer?
    ) -> Int32
  let createKernel:
    @convention(c) (Handle?, UnsafePointer<CChar>?, UnsafeMutablePointer<Int32>?) -> Handle?
  let setKernelArg: @convention(c) (Handle?, UInt32, Int, UnsafeRawPointer?) -> Int32
  let enqueueKernel:
    @convention(c) (
      Handle?, Handle?, UInt32, UnsafePointer<Int>?, UnsafePointer<Int>?, UnsafePointer<Int>?,
      UInt32, UnsafePointer<Handle?>?, UnsafeMutablePointer<Handle?>?
    ) -> Int32
  let enqueueRead, enqueueWrite: Copy
  let finish: Release
  let releaseContext, releaseQueue, releaseBuffer, releaseProgram, releaseKernel,
    releaseEvent: Release

  /// The names of the system's loader.
  private static var places: [String] {
    #if os(Linux)
      return ["libOpenCL.so.1", "libOpenCL.so"]
    #else
      return ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
    #endif
  }

  /// The library, opened once; why not, where it is not there or lacks a function.
  static let library = Result<OpenCL, DeviceError> {
    () throws(DeviceError) in
    if let place = Environment.variable("CONVOY_OPENCL"), !place.isEmpty {
      guard let library = dlopen(place, RTLD_NOW | RTLD_LOCAL) else {
        throw DeviceError.namedLibrary(place, dlerror().map { String(cString: $0) } ?? "no reason")
      }
      return try OpenCL(library, place)
    }
    for place in places {
      guard let library = dlopen(place, RTLD_NOW | RTLD_LOCAL) else { continue }
      return try OpenCL(library, place)
    }
    throw DeviceError.noLibrary(places[0])
  }

  private init(_ library: UnsafeMutableRawPointer, _ place: String) throws(DeviceError) {
    func find<Function>(_ name: String) throws(DeviceError) -> Function {
      guard let symbol = dlsym(library, "cl" + name) else {
        throw DeviceError.noFunction("cl" + name, place)
      }
      return unsafeBitCast(symbol, to: Function.self)
    }
    getPlatformIDs = try find("GetPlatformIDs")
    getDeviceIDs = try find("GetDeviceIDs")
    getPlatformInfo = try find("GetPlatformInfo")
    getDeviceInfo = try find("GetDeviceInfo")
    getProgramInfo = try find("GetProgramInfo")
    getEventProfilingInfo = try find("GetEventProfilingInfo")
    getProgramBuildInfo = try find("GetProgramBuildInfo")
    createContext = try find("CreateContext")
    createCommandQueue = try find("CreateCommandQueue")
    createBuffer = try find("CreateBuffer")
    createProgramWithSource = try find("CreateProgramWithSource")
    createProgramWithBinary = try find("CreateProgramWithBinary")
    buildProgram = try find("BuildProgram")
    createKernel = try find("CreateKernel")
    setKernelArg = try find("SetKernelArg")
    enqueueKernel = try find("EnqueueNDRangeKernel")
    enqueueRead = try find("EnqueueReadBuffer")
    enqueueWrite = try find("EnqueueWriteBuffer")
    finish = try find("Finish")
    releaseContext = try find("ReleaseContext")
    releaseQueue = try find("ReleaseCommandQueue")
    releaseBuffer = try find("ReleaseMemObject")
    releaseProgram = try find("ReleaseProgram")
    releaseKernel = try find("ReleaseKernel")
    releaseEvent = try find("ReleaseEvent")
  }

  /// A text that a query answers with.
  func text(_ function: Query, _ object: Handle?, _ parameter: UInt32) -> String {
    var size = 0
    guard function(object, parameter, 0, nil, &size) == 0, size > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: size)
    guard function(object, parameter, size, &bytes, nil) == 0 else { return "" }
    let words = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// A number that a query answers with, in as many bytes as it says; nil where it does not.
  func number(_ function: Query, _ object: Handle?, _ parameter: UInt32) -> Int? {
    var size = 0
    var value: UInt64 = 0
    guard function(object, parameter, 0, nil, &size) == 0, (1...8).contains(size),
      function(object, parameter, size, &value, nil) == 0
    else { return nil }
    return Int(clamping: value)
  }
}
