#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An IPv4 address of this machine, and the interface that has it.
struct InterfaceAddress: Equatable {
  let interface: String
  let address: String

  /// Those that are up, but for the machine's own (127.0.0.1).
  static func all() -> [InterfaceAddress] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var found: [InterfaceAddress] = []
    var next = list
    while let entry = next?.pointee {
      defer { next = entry.ifa_next }
      let flags = Int(entry.ifa_flags)
      guard flags & Int(IFF_UP) != 0, flags & Int(IFF_LOOPBACK) == 0, let place = entry.ifa_addr,
        Int32(place.pointee.sa_family) == AF_INET
      else { continue }
      var bytes = place.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr }
      var text = [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN))
      guard inet_ntop(AF_INET, &bytes, &text, socklen_t(INET_ADDRSTRLEN)) != nil else { continue }
      let letters = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      found.append(
        InterfaceAddress(
          interface: String(cString: entry.ifa_name),
          address: String(decoding: letters, as: UTF8.self)))
    }
    return found
  }

  /// How little it looks like the network that the phone beside the machine is in: bridges of virtual machines,
  /// tunnels and addresses that nobody gave come after the others, public addresses after private ones.
  var remoteness: Int {
    let virtual = ["docker", "br-", "veth", "virbr", "vmnet", "tun", "tap", "utun", "wg", "bridge"]
    if address.hasPrefix("169.254.") { return 3 }
    if virtual.contains(where: interface.hasPrefix) { return 2 }
    let parts = address.split(separator: ".").compactMap { Int($0) }
    let isPrivate =
      parts.count == 4
      && (parts[0] == 10 || parts[0] == 192 && parts[1] == 168
        || parts[0] == 172 && (16...31).contains(parts[1]))
    return isPrivate ? 0 : 1
  }
}

/// The address by which other devices of the local network most likely reach this machine; nil where
/// it is in none.
public func lanAddress() -> String? {
  InterfaceAddress.all().min { $0.remoteness < $1.remoteness }?.address
}
