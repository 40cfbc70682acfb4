import ArgumentParser
import Streams

/// The options that say which device it is.
public struct DeviceOptions: ParsableArguments {
  /// The device: its number in the list, or a part of its name.
  @Option(
    help: ArgumentHelp(
      "The device: its number, gpu or cpu, or a part of its name (default: the first graphics card, or "
        + "else the first of all).", valueName: "n|name"))
  public var device: String?

  /// Whether devices are listed, or the one that is chosen, and nothing else is done.
  @Flag(
    help: "Print the devices, or that of --device, one NDJSON object a line, and do nothing else.")
  public var listDevices = false

  /// Options as given on the command line.
  public init() {}

  /// Opens the device.
  public func session() throws(DeviceError) -> DeviceSession {
    try DeviceSession(Device.named(device))
  }

  /// Writes the list; throws where there is nothing to list.
  public func writeList(_ output: ByteWriter) throws(DeviceError) {
    let devices = try Device.all()
    var json = JSONWriter(output)
    let chosen = device == nil ? nil : try Device.named(device)
    for (number, device) in devices.enumerated() where chosen.map({ $0 == device }) ?? true {
      json.beginObject()
      json.put("number", number)
      json.put("name", device.name)
      json.put("kind", device.kind.rawValue)
      json.put("vendor", device.vendor)
      json.put("platform", device.platform)
      json.put("version", device.version)
      json.put("driver", device.driver)
      json.put("units", device.units)
      json.put("clock_mhz", device.clock)
      json.put("memory_bytes", device.memory)
      json.put("largest_buffer_bytes", device.largestBuffer)
      json.put("local_memory_bytes", device.localMemory)
      json.put("largest_group", device.largestGroup)
      json.endObject()
      json.endLine()
    }
  }
}
