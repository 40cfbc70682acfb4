import Testing

@testable import InkPad

/// The page's own files: each is served, under the version, and names others by relative paths.
@Suite struct ResourcesTests {
  private func text(_ path: String) -> String {
    String(decoding: Resources.all[path]?.body() ?? [], as: UTF8.self)
  }

  private let folder = "/\(Resources.version)/"

  @Test("what modules import is there, in the same version")
  func imports() throws {
    let modules = Resources.all.keys.filter { $0.hasPrefix(folder) && $0.hasSuffix(".js") }
    #expect(modules.count > 10)
    for path in modules {
      for match in text(path).matches(of: #/(?m)^import [^;]*'([^']+)';/#) {
        let name = String(match.1)
        #expect(name.hasPrefix("./"), "\(path) imports \(name)")
        #expect(modules.contains(folder + name.dropFirst(2)), "\(path) imports \(name)")
      }
    }
  }

  @Test("the page, the manifest and the worker name what is there")
  func names() throws {
    #expect(text("/") == text("\(folder)page.html") && !text("/").contains("VERSION/"))
    let named =
      text("/").matches(of: #/(?:href|src)="(\/[^"]+)"/#)
      + text("/manifest.webmanifest").matches(of: #/"src": "(\/[^"]+)"/#)
      + text("/worker.js").matches(of: #/'(\/[^']+)'/#)
    #expect(named.count > 20)
    for match in named { #expect(Resources.all[String(match.1)] != nil, "\(match.1)") }
    let cached = Set(Resources.all.keys.filter { $0.hasPrefix(folder) })
    let listed = text("/worker.js").prefix { $0 != "]" }
    for path in cached { #expect(listed.contains("'\(path)'"), "\(path)") }
  }

  @Test("icons are PNG of their sizes, blue with a white curve")
  func icons() {
    for side in [192, 512] {
      let bytes = Resources.all["/icon-\(side).png"]?.body() ?? []
      #expect(bytes.prefix(8).elementsEqual([137, 80, 78, 71, 13, 10, 26, 10]))
      #expect(
        bytes[16..<24].elementsEqual(
          [0, 0, UInt8(side >> 8), UInt8(side & 255)] + [0, 0, UInt8(side >> 8), UInt8(side & 255)])
      )
    }
  }

  @Test("networks that phones are in come before bridges, tunnels and addresses that nobody gave")
  func networks() {
    let found = [
      ("docker0", "172.17.0.1"), ("eth0", "203.0.113.9"), ("wlan0", "192.168.1.5"),
      ("eth1", "169.254.3.4"), ("tun0", "10.8.0.2"), ("eth2", "172.32.0.1"), ("eth3", "10.0.0.2"),
    ].map { InterfaceAddress(interface: $0.0, address: $0.1) }
    #expect(found.map(\.remoteness) == [2, 1, 0, 3, 2, 1, 0])
    #expect(
      InterfaceAddress.all().allSatisfy { isAddress($0.address) && $0.address != "127.0.0.1" })
  }
}
