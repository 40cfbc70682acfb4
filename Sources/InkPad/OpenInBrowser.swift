import Streams
import Subprocess

/// Shows an address in the browser; says so where there is none to open it.
public func openInBrowser(_ address: String) {
  #if os(macOS)
    let opener = "open"
  #else
    let opener = "xdg-open"
  #endif
  Task {
    do {
      let outcome = try await Subprocess.run(
        .name(opener), arguments: [address], output: .discarded, error: .discarded)
      if !outcome.terminationStatus.isSuccess {
        diagnose("\(opener): \(outcome.terminationStatus)")
      }
    } catch {
      diagnose("\(opener): \(error)")
    }
  }
}
