import Streams

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Shows an address in the browser; says so where there is none to open it.
public func openInBrowser(_ address: String, _ watch: Watch) {
  #if os(macOS)
    let opener = "open"
  #else
    let opener = "xdg-open"
  #endif
  Task(executorPreference: watch) {
    do {
      // What it says is not for us.
      let process = try ChildProcess(
        ["/bin/sh", "-c", #"exec "$0" "$1" > /dev/null 2>&1"#, opener, address],
        environment: wholeEnvironment(), watch)
      let ending = await process.finish()
      if ending != "exit 0" { diagnose("\(opener): \(ending)") }
    } catch {
      diagnose("\(opener): \(error)")
    }
  }
}

/// A browser needs to know more than the stages of a pipeline do.
private func wholeEnvironment() -> [String] {
  var variables: [String] = []
  var next = environ
  while let variable = next.pointee {
    variables.append(String(cString: variable))
    next += 1
  }
  return variables
}
