import http2 from "node:http2"
import { text } from "node:stream/consumers"
import { expect } from "vitest"
import { paths } from "../../pjrt/served/remote/http2.ts"

/** What a worker holds of all its sessions and does for them, in its own words. */
export const metric = async (address: string, name: string): Promise<number> => {
  const connection = http2.connect(`http://${address}`)
  try {
    const failed = new Promise<never>((_, reject) => connection.once("error", reject))
    const said = await Promise.race([text(connection.request({ ":path": paths.metrics })), failed])
    return Number(new RegExp(`^loopcarry_${name} (\\S+)$`, "m").exec(said)![1])
  } finally {
    connection.close()
  }
}

/** Ends when so many compilations and runs are under way on a worker, and so many wait for their turns. */
export const queued = async (address: string, running: number, waiting: number): Promise<void> => {
  await expect
    .poll(async () => [await metric(address, "queue_running"), await metric(address, "queue_waiting")])
    .toEqual([running, waiting])
}
