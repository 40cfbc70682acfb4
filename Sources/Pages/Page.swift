/// A page of its own, which opens without a network.
public enum Page {
  /// The document: a title, rules beside the house's, and what it shows.
  public static func document(title: String, style: String = "", _ body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width">
    <meta name=color-scheme content="light dark"><title>\(HTML.escaped(title))</title>
    <style>\(PageStyle.text)\(style)</style></head><body><main>
    \(body)
    </main></body></html>

    """
  }

  /// A number of those to know, and what it is.
  public static func tile(_ number: String, _ text: String, sign: Double = 0) -> String {
    let name = sign > 0 ? " good" : sign < 0 ? " bad" : ""
    return "<div class='tile\(name)'><b>\(HTML.number(number))</b><span>\(text)</span></div>"
  }

  /// A chart under its title and its key.
  public static func figure(
    _ title: String, keys: [(colour: ChartColour, text: String)], _ picture: String,
    note: String = ""
  ) -> String {
    let keys = keys.map {
      "<span><i data-c='\($0.colour.rawValue)' style='background:\($0.colour.rawValue)'></i>"
        + "\(HTML.escaped($0.text))</span>"
    }
    let seen = note.isEmpty ? "" : "<p class=seen>\(note)</p>"
    return "<figure><figcaption><h3>\(title)</h3><div class=key>\(keys.joined())</div>"
      + "</figcaption><div class=chart>\(picture)</div>\(seen)</figure>"
  }
}
