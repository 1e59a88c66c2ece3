import { execFile, execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { afterAll, describe, expect, it } from "vitest"
import { loopcarry, root } from "../support/command.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-sandbox-"))
afterAll(() => rmSync(folder, { recursive: true }))

const works = (program: string, ...args: ReadonlyArray<string>): boolean => {
  try {
    execFileSync(program, args, { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

describe("the unit of examples/worker.service", () => {
  const unit = path.join(folder, "loopcarry.service")
  const text = readFileSync(path.join(root, "examples/worker.service"), "utf8")

  it.skipIf(!works("systemd-analyze", "--version"))(
    "is understood by systemd, which finds little exposed",
    async () => {
      writeFileSync(unit, text.replace("/usr/local/bin/loopcarry", process.execPath))
      const verified = await promisify(execFile)("systemd-analyze", ["verify", unit])
      expect(verified.stderr).not.toContain("loopcarry.service")
      const { stdout } = await promisify(execFile)("systemd-analyze", [
        "security",
        "--offline=true",
        "--no-pager",
        unit
      ])
      expect(Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)![1])).toBeLessThan(2)
    }
  )
})

/** No network but its own, a system that is read only, no privileges, another user; then what is asked for. */
const confined = `set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir /mnt/app /mnt/plugin
mount --bind "$1" /mnt/app
mount --bind "$2" /mnt/plugin
mount -t tmpfs tmpfs /tmp
mount -o remount,bind,ro /
mount -o remount,bind,ro /mnt/app
mount -o remount,bind,ro /mnt/plugin
ip link set lo up
cd /mnt/app
exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \\
  prlimit --core=0 --nproc=2000 --nofile=1024 env HOME=/tmp LOOPCARRY_CACHE=/tmp/cache bash -c "$3"`

/** A worker and a client of it. */
const both = (program: string) => `
node dist/scripts/loopcarry.js serve --one-session --offline --plugin /mnt/plugin/${program} --listen 127.0.0.1:7999 > /tmp/said &
for i in $(seq 200); do grep -q listening /tmp/said && break; sleep 0.1; done
touch /mnt/app/mine 2> /tmp/refused || true
grep -o "Read-only file system" /tmp/refused
node dist/scripts/loopcarry.js exec /tmp/program.mlir --device remote://127.0.0.1:7999 --json
wait %1
echo "ended with $?"`

const unshared = ["--net", "--mount", "--ipc", "--pid", "--fork", "--mount-proc"]

describe("a worker that may do nothing else", () => {
  it.skipIf(!works("unshare", ...unshared, "sh", "-c", "mount --make-rprivate / && ip link set lo up"))(
    "serves: no network, a system that it cannot write, no privileges",
    async () => {
      const { stdout: at } = await loopcarry(["plugins", "path", "cpu"])
      const plugin = at.trim()
      const code =
        "module { func.func public @main() -> tensor<i32> { %x = stablehlo.constant dense<42> : tensor<i32> return %x : tensor<i32> } }"
      const work = `printf '%s' '${code}' > /tmp/program.mlir\n${both(path.basename(plugin))}`
      const { stdout } = await promisify(execFile)("unshare", [
        ...unshared,
        "bash",
        "-c",
        confined,
        "bash",
        root,
        path.dirname(plugin),
        work
      ])
      expect(stdout).toContain("Read-only file system")
      expect(stdout).toContain("42")
      expect(stdout).toContain("ended with 0")
    }
  )
})
