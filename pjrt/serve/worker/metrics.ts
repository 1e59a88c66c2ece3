import type { Shared } from "./answers.ts"
import type { Sessions } from "./sessions.ts"

/** What a worker is doing, as Prometheus reads it. Nothing of it tells one client of another's data. */
export const metricsText = (
  { sessions, queue, backend, suspicion }: Shared & { readonly sessions: Sessions },
  requests: number
): string => {
  let [bytes, arrays] = [0, 0]
  for (const session of sessions.all) {
    bytes += session.bytes
    arrays += session.arrays
  }
  const compiled = backend.compiled()
  const lines = [
    ["sessions", "gauge", "sessions that are open", sessions.count],
    [
      "sessions_expired_total",
      "counter",
      "sessions ended because their clients were silent",
      sessions.expired
    ],
    ["requests_total", "counter", "requests", requests],
    ["arrays", "gauge", "arrays that sessions hold", arrays],
    ["array_bytes", "gauge", "bytes of these arrays", bytes],
    ["queue_running", "gauge", "compilations and runs under way", queue.running],
    ["queue_waiting", "gauge", "compilations and runs that wait for their turn", queue.length],
    ["programs_refused", "gauge", "programs refused because they have ended a process", suspicion.refused],
    ["programs_compiled_total", "counter", "programs compiled", compiled.programs],
    ["compile_seconds_total", "counter", "seconds spent compiling", compiled.milliseconds / 1000]
  ] as const
  return lines
    .map(
      ([name, kind, about, value]) =>
        `# HELP loopcarry_${name} ${about}\n# TYPE loopcarry_${name} ${kind}\nloopcarry_${name} ${value}\n`
    )
    .join("")
}
