import Mechanics

/// The page and what it needs, held in the executable, by their paths.
///
/// What the page is made of has the server's version in its path, which the page and its modules name by
/// relative addresses: so a page of one version never gets a file of another, neither from a new server
/// nor from what a browser has cached.
enum Resources {
  /// What a resource is, as `Content-Type` says it.
  enum Kind: String {
    case page = "text/html; charset=utf-8"
    case style = "text/css; charset=utf-8"
    case script = "text/javascript; charset=utf-8"
    case manifest = "application/manifest+json"
    case drawing = "image/svg+xml"
    case picture = "image/png"
  }

  typealias Resource = (type: Kind, body: @Sendable () -> [UInt8])

  /// The modules of the page, and what they stand on.
  private static let parts: [(name: String, type: Kind, body: [UInt8])] = [
    ("style.css", .style, PackageResources.style_css),
    ("alphabet.js", .script, alphabetScript),
    ("state.js", .script, PackageResources.state_js),
    ("words.js", .script, PackageResources.words_js),
    ("ink.js", .script, PackageResources.ink_js),
    ("conversation.js", .script, PackageResources.conversation_js),
    ("answers.js", .script, PackageResources.answers_js),
    ("mathematics.js", .script, PackageResources.mathematics_js),
    ("panel.js", .script, PackageResources.panel_js),
    ("paper.js", .script, PackageResources.paper_js),
    ("choices.js", .script, PackageResources.choices_js),
    ("marks.js", .script, PackageResources.marks_js),
    ("gestures.js", .script, PackageResources.gestures_js),
    ("scrubbing.js", .script, PackageResources.scrubbing_js),
    ("typed.js", .script, PackageResources.typed_js),
    ("digits.js", .script, PackageResources.digits_js),
    ("history.js", .script, PackageResources.history_js),
    ("store.js", .script, PackageResources.store_js),
    ("tabs.js", .script, PackageResources.tabs_js),
    ("keeping.js", .script, PackageResources.keeping_js),
    ("sheets.js", .script, PackageResources.sheets_js),
    ("files.js", .script, PackageResources.files_js),
    ("inkml.js", .script, PackageResources.inkml_js),
    ("pngink.js", .script, PackageResources.pngink_js),
    ("copying.js", .script, PackageResources.copying_js),
    ("installing.js", .script, PackageResources.installing_js),
    ("menus.js", .script, PackageResources.menus_js),
    ("latency.js", .script, PackageResources.latency_js),
    ("example.js", .script, PackageResources.example_js),
    ("main.js", .script, PackageResources.main_js),
  ]

  /// Tells the page of this server from any other: the same files have the same.
  static let version: String = {
    let bodies = [PackageResources.index_html, PackageResources.worker_js] + parts.map(\.body)
    return String(bodies.reduce(fnv1a("ink-pad")) { fnv1a($1, from: $0) }, radix: 16)
  }()

  /// All of them; icons are drawn where one is asked for.
  static let all: [String: Resource] = {
    let page = Array(
      String(decoding: PackageResources.index_html, as: UTF8.self)
        .replacing("/VERSION/", with: "/\(version)/").utf8)
    var resources: [String: Resource] = [
      "/": (.page, { page }),
      "/\(version)/page.html": (.page, { page }),
      "/worker.js": (.script, { worker }),
      "/manifest.webmanifest": (.manifest, { PackageResources.manifest_webmanifest }),
      "/icon.svg": (.drawing, { PackageResources.icon_svg }),
      "/icon-192.png": (.picture, { Icon.png(side: 192) }),
      "/icon-512.png": (.picture, { Icon.png(side: 512) }),
    ]
    for part in parts { resources["/\(version)/\(part.name)"] = (part.type, { part.body }) }
    return resources
  }()

  /// The service worker, which knows what belongs to its version.
  private static let worker: [UInt8] = {
    let names = ["page.html"] + parts.map(\.name)
    let files = names.map { "'/\(version)/\($0)'" }.joined(separator: ", ")
    let head = "const VERSION = '\(version)';\nconst FILES = [\(files)];\n"
    return Array(head.utf8) + PackageResources.worker_js
  }()
}
