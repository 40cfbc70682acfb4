/// What one guest may ask of the server, in bytes, seconds and connections.
public struct Limits: Sendable {
  /// Connections at a time; one more is told so and closed.
  public var connections = 64
  /// The longest request line with its headers, in bytes.
  public var head = 16 << 10
  /// The longest message of a guest, and the largest body that a request may announce, in bytes.
  public var message = 1 << 20
  /// How long a request may take to come in.
  public var request = Duration.seconds(5)
  /// How long a page may be silent; its browser is sent pings three times as often.
  public var idle = Duration.seconds(60)
  /// How long a guest may take to read what it is sent.
  public var send = Duration.seconds(20)
  /// How long a pipeline may take for one line before it is started anew.
  public var answer = Duration.seconds(5)

  /// The most sheets in a folder.
  public var sheets = 1000
  /// The largest file of a sheet, in bytes: what a page sends, and a little for its name.
  public var sheet = (1 << 20) + 1024
  /// How long a guest waits between two requests about sheets: nobody can keep the disk busy.
  public var betweenSheets = Duration.milliseconds(100)

  /// The limits of the tool.
  public init() {}
}
