import Testing

@testable import InkPad

@Suite struct AccessTokenTests {
  private let token = AccessToken(bits: (0xfbff_ffff_ffff_ffff, 0xffff_ffff_ffff_fffe))

  private func head(_ target: String, _ headers: String = "") throws -> RequestHead {
    try #require(RequestHead(Array("GET \(target) HTTP/1.1\r\n\(headers)Host: a".utf8)))
  }

  @Test("128 bits in 22 letters that may stand in an address, and others each time")
  func letters() {
    #expect(token.text.utf8.count == 22)
    #expect(token.text.hasPrefix("-_") && !token.text.contains { "+/=".contains($0) })
    #expect(AccessToken(bits: (0, 1)).text == "AAAAAAAAAAAAAAAAAAAAAQ")
    #expect(Set((0..<100).map { _ in AccessToken().text }).count == 100)
  }

  @Test("nothing but the token itself is the token")
  func matching() {
    #expect(token.matches(token.text))
    for wrong in ["", "A", token.text + "A", String(token.text.dropLast()), "é"] {
      #expect(!token.matches(wrong))
    }
    for place in 0..<22 {
      var letters = Array(token.text)
      letters[place] = letters[place] == "A" ? "B" : "A"
      #expect(!token.matches(String(letters)), "\(place)")
    }
  }

  @Test("the cookie is found among others, and only under its own name")
  func cookies() throws {
    let own = "ink-pad-80=\(token.text)"
    for line in [own, "a=b; \(own)", "\(own); a=b", "a=\(own); \(own)", "ink-pad-80=x; \(own)"] {
      #expect(token.isCarried(by: try head("/", "Cookie: \(line)\r\n"), port: 80), "\(line)")
    }
    for line in [
      "", "ink-pad-81=\(token.text)", "x\(own)", "\(own)x", "a=\(own)", "ink-pad-80=",
      "ink-pad-80 =\(token.text)", token.text,
    ] {
      #expect(!token.isCarried(by: try head("/", "Cookie: \(line)\r\n"), port: 80), "\(line)")
    }
    #expect(!token.isCarried(by: try head("/"), port: 80))
    #expect(token.cookie(port: 80).hasPrefix("\(own); Path=/; "))
    for word in ["HttpOnly", "SameSite=Lax"] { #expect(token.cookie(port: 80).contains(word)) }
  }

  @Test("who shows the token is sent to the address without it, and what else was asked for stays")
  func destinations() throws {
    let shown = "token=\(token.text)"
    for (target, destination) in [
      ("/?\(shown)", "/"), ("/?debug&\(shown)", "/?debug"), ("/?\(shown)&debug", "/?debug"),
      ("/?token=x&\(shown)", "/"),
    ] { #expect(token.destination(of: try head(target)) == destination, "\(target)") }
    for target in [
      "/", "/?token=", "/?token=x", "/ws?\(shown)", "/ws?debug&\(shown)", "//?\(shown)",
      "/?x\(shown)",
      "/page?debug&\(shown)",
    ] {
      #expect(token.destination(of: try head(target)) == nil, "\(target)")
    }
  }
}
