/** How both sides set up HTTP/2, as measured: with Node's own windows tensors move at a third of the speed. */
export const settings = { initialWindowSize: 16 << 20, maxFrameSize: 1 << 20, enablePush: false } as const

/** The window of a connection. */
export const connectionWindow = 64 << 20

/** What Node may hold for one connection, in megabytes: the windows, and what is on its way. */
export const maxSessionMemory = 512

export const paths = {
  session: "/v1/session",
  call: "/v1/calls",
  put: "/v1/put",
  read: "/v1/read",
  health: "/healthz",
  metrics: "/metrics"
} as const

/** What the word about a connection's end says where its worker was told to end. */
export const drained = Buffer.from("drained")

/** Names the session of a request; it is a secret of its client's. */
export const sessionHeader = "loopcarry-session"

export const messageType = "application/x-flatbuffers"
export const bytesType = "application/octet-stream"
