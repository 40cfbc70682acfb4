import TestFolders
import Testing

@testable import Devices

/// Which device is meant.
@Suite struct DeviceTests {
  private func device(_ name: String, _ kind: Device.Kind) throws -> Device {
    let handle = try #require(OpaquePointer(bitPattern: 64))
    return Device(
      name: name, vendor: "", platform: "", version: "", driver: "", kind: kind, memory: 1 << 30,
      largestBuffer: 1 << 28, localMemory: 32 << 10, largestGroup: 256, units: 4, clock: 1000,
      handle: handle, platformHandle: handle)
  }

  @Test("by number, by kind, by a part of the name; else the first card, or else the first of all")
  func named() throws {
    let all = try [
      device("Some Processor", .cpu), device("Card X 100", .gpu), device("Card X 200", .gpu),
      device("Card X 200", .gpu),
    ]
    for (choice, name) in [
      (nil, "Card X 100"), ("0", "Some Processor"), ("2", "Card X 200"), ("cpu", "Some Processor"),
      ("gpu", "Card X 100"), ("x 200", "Card X 200"), ("GPU", "Card X 100"),
      ("processor", "Some Processor"),
    ] { #expect(try Device.named(choice, among: all).name == name, "\(choice ?? "none")") }
    #expect(try Device.named(nil, among: [all[0]]).name == "Some Processor")
    let names = all.map(\.name)
    for (choice, error) in [
      ("card", DeviceError.ambiguousDevice("card", names)),
      ("4", .unknownDevice("4", names)), ("-1", .unknownDevice("-1", names)),
      ("none", .unknownDevice("none", names)), ("", .unknownDevice("", names)),
      (" ", .unknownDevice(" ", names)), ("e", .unknownDevice("e", names)),
      ("+0", .unknownDevice("+0", names)), ("03", .unknownDevice("03", names)),
    ] {
      #expect(throws: error) { try Device.named(choice, among: all) }
      #expect(error.failure?.status == .usage)
    }
    #expect(throws: DeviceError.noDevice([])) { try Device.named(nil, among: []) }
    #expect(DeviceError.noDevice(["P"]).failure?.status == .unavailable)
  }

  @Test("a code of OpenCL has its name, and memory that is not there is told from other faults")
  func errors() throws {
    #expect("\(DeviceError.call("clFinish", -36))" == "clFinish failed: CL_INVALID_COMMAND_QUEUE")
    #expect("\(DeviceError.call("clFinish", -9999))".hasSuffix("OpenCL's error -9999"))
    #expect(throws: DeviceError.memory(4096, -4)) {
      try DeviceError.check(-4, "clCreateBuffer", bytes: 4096)
    }
    #expect(throws: DeviceError.call("clFinish", -5)) { try DeviceError.check(-5, "clFinish") }
    #expect(throws: Never.self) { try DeviceError.check(0, "clFinish") }
    // What does not fit is an error of the input, whose place is named.
    #expect(DeviceError.tooLarge("the input", 0x1p34, 0x1p31).failure == nil)
    #expect(
      "\(DeviceError.tooLarge("the input", 0x1p34, 0x1p31))"
        == "the input must fit the device, which takes 2.0 GiB at once: 16.0 GiB")
  }
}
