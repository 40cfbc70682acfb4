import Streams
import Testing

/// The page for those who hear it, who have no pointer, or who see little contrast.
extension PadTests.InBrowser {
  @Test("text has a contrast of 4.5 and icons of 3, in both themes", arguments: ["light", "dark"])
  func contrast(_ scheme: String) throws {
    try withBrowser { browser, _ in
      try browser.colours(scheme)
      _ = try browser.evaluate(
        "pad.load([[[0,0],[30,40],[3,50],[50,3],[20,20]],[[100,0],[100,30],[80,80],[120,60]]])")
      try browser.wait("document.querySelectorAll('#marks .doubtful').length > 0", for: "true")
      _ = try browser.evaluate("document.getElementById('groups').click()")
      for state in ["'0.1+0.2'", "'2+2=5'", "'2=2'", "'(1'", "''"] {
        _ = try browser.evaluate("pad.type(\(state))")
        try browser.wait(
          "document.getElementById('typed').value === \(state) && (\(state) === '') === (pad.state.typed === null)",
          for: "true")
        #expect(try browser.evaluate(poor) == "")
      }
      for menu in ["help", "choices", "file-menu", "copy-menu"] {
        _ = try browser.evaluate("document.getElementById('\(menu)').showPopover()")
        #expect(try browser.evaluate(poor) == "", "\(menu)")
        _ = try browser.evaluate("document.getElementById('\(menu)').hidePopover()")
      }
    }
  }

  /// What is seen with too little contrast: texts under 4.5, pictures under 3, as WCAG 2.2 counts it.
  private var poor: String {
    """
    (() => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const rgb = (colour, under) => {
        canvas.fillStyle = `rgb(${under.join()})`;
        canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
      };
      const light = (one) => one.map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
      const contrast = (one, other) => {
        const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
      };
      const ground = (element) => {
        if (!element) return [255, 255, 255];
        const style = getComputedStyle(element);
        const own = /linear-gradient\\((.*?\\)),/.exec(style.backgroundImage)?.[1] ?? style.backgroundColor;
        return rgb(own, ground(element.parentElement));
      };
      return [...document.querySelectorAll('body *')].flatMap((element) => {
        const isPicture = element.matches('svg');
        const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!isPicture && !isText && !element.matches('input[type=text]')) return [];
        const style = getComputedStyle(element);
        if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(':disabled, #history')) return [];
        const under = ground(element);
        const found = contrast(rgb(style.color, under), under);
        if (found >= (isPicture ? 3 : 4.5)) return [];
        return [`${element.tagName} ${element.id} ${element.className.baseVal ?? element.className}: ${found.toFixed(2)}`];
      }).join('; ');
    })()
    """
  }

  @Test(
    "every button, field and picture has a name, in both languages", arguments: ["en-US", "zh-CN"])
  func names(_ language: String) throws {
    try withBrowser(language: language) { browser, _ in
      _ = try browser.evaluate("pad.load(\(script(Self.drawings[6].strokes)))")
      try browser.wait("document.querySelectorAll('#marks button').length", for: "4")
      let tree = try browser.call("Accessibility.getFullAXTree", "{}")
      let roles: Set = [
        "button", "textbox", "radio", "checkbox", "spinbutton", "image", "toolbar", "radiogroup",
      ]
      var named: [String] = []
      try browser.value(tree) { answer in
        for node in try answer.require("result").require("nodes").elements
        where node["ignored"]?.bool != true {
          guard let role = node["role"]?["value"]?.string, roles.contains(role) else { continue }
          let name = node["name"]?["value"]?.string ?? ""
          #expect(
            !name.isEmpty, "\(role): \(String(decoding: node.text, as: UTF8.self).prefix(200))")
          named.append(name)
        }
      }
      #expect(named.count > 20)
      // "-" is left out by screen readers, or read as a hyphen.
      let minus = language == "en-US" ? "minus, " : "减，"
      #expect(named.contains { $0.hasPrefix(minus) }, "\(named)")
    }
  }

  @Test(
    "the keyboard reaches everything: from the sheet to the tools, the characters and their choices"
  )
  func tabs() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
      try browser.wait(lines, for: "4+4=8")
      var reached: [String] = []
      _ = try browser.evaluate("document.activeElement.blur()")
      for _ in 0..<30 {
        try browser.press("Tab", code: "Tab", number: 9)
        reached.append(
          try browser.evaluate(
            "(e => e.id || e.dataset.character || e.dataset.number)(document.activeElement)"))
      }
      for id in [
        "mode-ink", "question", "language", "sheet", "4", "undo", "clear", "0", "typed", "copy",
      ] {
        #expect(reached.contains(id), "\(id): \(reached)")
      }
      _ = try browser.evaluate("document.querySelector('#marks button').focus()")
      try browser.press("ArrowRight", code: "ArrowRight", number: 39)
      #expect(try browser.evaluate("document.activeElement.dataset.character") == "+")
      try browser.press("?", code: "Slash", number: 191, held: 8)
      try browser.wait("document.getElementById('help').matches(':popover-open')", for: "true")
    }
  }

  @Test("from the paper the arrow keys go to the first character, and to the last")
  func arrows() throws {
    try withBrowser { browser, _ in
      _ = try browser.evaluate("pad.load(\(script(Self.drawings[0].strokes)))")
      try browser.wait(lines, for: "4+4=8")
      for (key, number, character) in [("ArrowRight", 39, "4"), ("ArrowLeft", 37, "=")] {
        _ = try browser.evaluate("pad.sheet.focus()")
        try browser.press(key, code: key, number: number)
        #expect(try browser.evaluate("document.activeElement.dataset.character") == character)
      }
    }
  }
}
