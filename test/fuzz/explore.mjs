// Feeds readers with inputs, keeps those that reach code which none before has reached, and makes the next from them. A
// worker thread, so that whoever started it sees where an input hangs.
import inspector from "node:inspector"
import { parentPort, workerData } from "node:worker_threads"
import { mutate, randomFrom } from "./mutate.mjs"

const { code, seed, executions, corpus, current, turn } = workerData
const { fuzz, targets } = await import(code)

/** What one input may allocate: so much at first, and so many bytes for each of its own (an archive packs 1032 to 1). */
const allowance = (length) => (16 << 20) + 1100 * length

const session = new inspector.Session()
session.connect()
const ask = (method, parameters) => {
  let given
  session.post(method, parameters, (error, result) => {
    if (error) throw new Error(`${method}: ${error.message}`)
    given = result
  })
  return given
}
ask("Profiler.enable")
ask("Profiler.startPreciseCoverage", { callCount: true, detailed: true })

const seen = new Set()

/** The blocks of code that ran since the last time and never before. */
const reached = () => {
  const blocks = []
  for (const { url, functions } of ask("Profiler.takePreciseCoverage").result) {
    if (url !== code) continue
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        if (count === 0) continue
        const block = `${url} ${startOffset} ${endOffset}`
        if (!seen.has(block)) blocks.push(block)
      }
    }
  }
  return blocks
}

const shown = new Uint8Array(current)
const turns = new Int32Array(turn)

const findings = []
/** Tries one input. */
const attempt = async (input) => {
  const at = input.subarray(0, shown.length)
  shown.set(at)
  Atomics.store(turns, 1, at.length)
  Atomics.add(turns, 0, 1)
  const before = process.memoryUsage().arrayBuffers
  try {
    await fuzz(input)
    const taken = process.memoryUsage().arrayBuffers - before
    if (taken > allowance(input.length)) throw new Error(`${taken} bytes of memory for ${input.length}`)
  } catch (error) {
    findings.push({ input: Buffer.from(input).toString("base64"), message: error.message })
  }
}

/** Tries one input; whether it is worth keeping. */
const isNew = async (input) => {
  await attempt(input)
  const blocks = reached()
  for (const block of blocks) seen.add(block)
  return blocks.length > 0
}

/** Asking what was reached takes longer than most inputs, so that some are tried before, and again if it was more. */
const batch = 32

const random = randomFrom(seed)
const kept = targets.map((_, i) => corpus.filter((input) => input[0] % targets.length === i))
for (const input of corpus) await isNew(input)
let count = 0
while (count < executions && findings.length < 20) {
  const i = Math.floor(count / batch) % targets.length
  const pool = kept[i]
  const inputs = Array.from({ length: Math.min(batch, executions - count) }, () => {
    const [base, other] = [pool[random(pool.length)], pool[random(pool.length)]]
    return Buffer.concat([Buffer.of(i), mutate(base.subarray(1), other.subarray(1), random)])
  })
  count += inputs.length
  const before = findings.length
  for (const input of inputs) await attempt(input)
  if (reached().length === 0 || findings.length > before) continue
  for (const input of inputs) if (await isNew(input)) pool.push(input)
}
parentPort.postMessage({
  executions: count,
  kept: kept.flat().length - corpus.length,
  blocks: seen.size,
  findings
})
