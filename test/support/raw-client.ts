import { createHash } from "node:crypto"
import http2, { type ClientHttp2Session, type ClientHttp2Stream } from "node:http2"
import { Frames, frame } from "../../pjrt/served/remote/frames.ts"
import { messageType, paths, sessionHeader } from "../../pjrt/served/remote/http2.ts"
import { decode } from "../../pjrt/served/remote/wire/decode.ts"
import { encode } from "../../pjrt/served/remote/wire/encode.ts"
import type { Answer, Ask, Response } from "../../pjrt/served/remote/wire/wire.gen.ts"

export interface RawReply {
  readonly status: number
  readonly type: string
  readonly body: Buffer
  /** Its message, where it is one. */
  readonly answer: Answer | undefined
}

/** A client that says whatever a test wants said, in whatever order. */
export class RawClient {
  readonly connection: ClientHttp2Session
  session = ""
  #calls: ClientHttp2Stream | undefined
  readonly #answers = new Map<number, Response>()
  #waiting: Array<() => void> = []
  /** The number of a call that the test has not chosen. */
  #next = 1 << 30

  private constructor(connection: ClientHttp2Session) {
    this.connection = connection
  }

  static async open(address: string): Promise<RawClient> {
    const connection = http2.connect(`http://${address}`)
    connection.on("error", () => {})
    const client = new RawClient(connection)
    const reply = await client.post(paths.session, client.message(0, hello))
    if (reply.answer?.type !== "Welcome") throw new Error(JSON.stringify(reply.answer))
    client.session = reply.answer.session
    return client
  }

  /** Loses the connection, as a network does, and takes the session up over another. */
  reconnect(address: string): RawClient {
    this.connection.destroy()
    const client = new RawClient(http2.connect(`http://${address}`))
    client.connection.on("error", () => {})
    client.session = this.session
    return client
  }

  message(
    call: number,
    ask: Ask | undefined,
    settled = 0,
    released: ReadonlyArray<number> = [],
    got: ReadonlyArray<number> = []
  ): Uint8Array {
    return encode("Request", { call, settled, released, ask, got })
  }

  /** One request with these parts as its body; it is ended after them unless it is left open. */
  post(path: string, ...parts: ReadonlyArray<Uint8Array>): Promise<RawReply> {
    const { stream, reply } = this.begin(path)
    for (const part of parts) stream.write(part)
    stream.end()
    return reply
  }

  begin(path: string): { readonly stream: ClientHttp2Stream; readonly reply: Promise<RawReply> } {
    const headers = { "content-type": messageType, ...(this.session && { [sessionHeader]: this.session }) }
    const stream = this.connection.request(
      { ":method": "POST", ":path": path, ...headers },
      { endStream: false }
    )
    const reply = new Promise<RawReply>((resolve) => {
      let [status, type] = [0, ""]
      const chunks: Array<Buffer> = []
      stream.on("response", (found) => {
        status = Number(found[":status"])
        type = String(found["content-type"])
      })
      stream.on("data", (chunk) => chunks.push(chunk))
      stream.on("error", () => {})
      stream.on("close", () => {
        const body = Buffer.concat(chunks)
        const isMessage = type === messageType && body.length > 0 && path !== paths.call
        resolve({ status, type, body, answer: isMessage ? decode("Response", body).answer : undefined })
      })
    })
    return { stream, reply }
  }

  put(call: number, array: number, shape: ReadonlyArray<number>, ...parts: ReadonlyArray<Uint8Array>) {
    const ask: Ask = { type: "Put", array, aval: { dtype: "u8", shape }, device: 0 }
    return this.post(paths.put, frame(this.message(call, ask)), ...parts)
  }

  read(call: number, array: number) {
    return this.post(paths.read, this.message(call, { type: "Read", array }))
  }

  get calls(): ClientHttp2Stream {
    if (this.#calls !== undefined) return this.#calls
    const { stream } = this.begin(paths.call)
    const frames = new Frames(1 << 24)
    stream.on("data", (chunk) => {
      for (const message of frames.take(chunk)) {
        const response = decode("Response", message)
        this.#answers.set(response.call, response)
      }
      for (const look of this.#waiting.splice(0)) look()
    })
    stream.on("close", () => {
      this.#calls = undefined
      for (const look of this.#waiting.splice(0)) look()
    })
    this.#calls = stream
    return stream
  }

  /** Ends the stream of calls, and forgets the answers that it brought. */
  cutCalls(): Promise<void> {
    const stream = this.calls
    this.#answers.clear()
    return new Promise((resolve) => {
      stream.once("close", () => resolve())
      stream.destroy()
    })
  }

  say(call: number, ask: Ask | undefined, settled = 0, released: ReadonlyArray<number> = []): void {
    this.calls.write(frame(this.message(call, ask, settled, released)))
  }

  /** The answer to a call; undefined where the stream has ended without one. */
  async answer(call: number): Promise<Answer | undefined> {
    while (!this.#answers.has(call)) {
      if (this.#calls === undefined) return undefined
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return this.#answers.get(call)!.answer
  }

  ask(call: number, ask: Ask | undefined, settled = 0, released: ReadonlyArray<number> = []) {
    this.say(call, ask, settled, released)
    return this.answer(call)
  }

  /** Ends when the worker has read all that was written so far: this connection is one stream of bytes. */
  async heard(): Promise<void> {
    await this.ask(this.#next++, { type: "Heartbeat" })
  }

  close(): void {
    this.connection.destroy()
  }
}

export const hello: Ask = {
  type: "Hello",
  protocolMin: 1,
  protocolMax: 1,
  product: "test",
  device: undefined
}

/** Has a program compiled, in text or in bytecode, of which nothing else is said. */
export const programAsk = (executable: number, program: string | Uint8Array): Ask & { type: "Compile" } => {
  const code = typeof program === "string" ? new TextEncoder().encode(program) : program
  return {
    type: "Compile",
    executable,
    digest: digestOf(code),
    code,
    bytecode: typeof program !== "string",
    donated: [],
    partitioning: undefined,
    variable: true,
    passes: undefined
  }
}

/** A program that adds two to bytes, in place if it is told so. */
export const compileAsk = (
  executable: number,
  donated: ReadonlyArray<number> = []
): Ask & { type: "Compile" } => {
  const attribute = donated.length > 0 ? " {tf.aliasing_output = 0 : i32}" : ""
  const code = `module { func.func public @main(%x: tensor<4xui8>${attribute}) -> tensor<4xui8> {
      %two = stablehlo.constant dense<2> : tensor<4xui8>
      %y = stablehlo.add %x, %two : tensor<4xui8>
      return %y : tensor<4xui8> } }`
  return { ...programAsk(executable, code), donated }
}

export const digestOf = (code: Uint8Array): Uint8Array => createHash("sha256").update(code).digest()
