/// The page and what it needs, held in the executable.
enum Page {
  /// What is served, by its path.
  static let resources: [String: (type: String, body: [UInt8])] = [
    "/": ("text/html; charset=utf-8", PackageResources.index_html),
    "/style.css": ("text/css; charset=utf-8", PackageResources.style_css),
    "/script.js": ("text/javascript; charset=utf-8", PackageResources.script_js),
  ]
}
