import { execFileSync } from "node:child_process"
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterAll, afterEach, expect, it, vi } from "vitest"
import { secretFault } from "../../native/secrets.ts"
import { exposedFault } from "../../pjrt/serve/worker/exposed.ts"
import { credentialsOf } from "../../pjrt/served/remote/client/credentials.ts"
import { prepareCertificateFolder, writeCertificateFiles } from "../../scripts/certificate-files.ts"
import { countAttacks } from "../support/attack.ts"
import { loopcarry } from "../support/command.ts"
import { failure, thrown } from "../support/run.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-secrets-"))
afterAll(() => execFileSync("rm", ["-rf", folder]))
afterEach(() => vi.unstubAllEnvs())
const at = (...parts: ReadonlyArray<string>) => path.join(folder, ...parts)
const isRoot = process.getuid?.() === 0

const made = { key: "key", cert: "cert", token: "token" }
const contents = (place: string) =>
  Object.fromEntries(readdirSync(place).map((name) => [name, readFileSync(path.join(place, name), "utf8")]))

it("takes a secret for one only where no other user reads or changes it", (context) => {
  const file = at("token")
  writeFileSync(file, "secret")
  const faultOf = (mode: number) => {
    chmodSync(file, mode)
    return secretFault(file)
  }
  for (const mode of [0o600, 0o400, 0o700, 0o711]) expect(faultOf(mode), mode.toString(8)).toBeUndefined()
  for (const mode of [0o604, 0o640, 0o644, 0o444, 0o440])
    expect(faultOf(mode), mode.toString(8)).toMatchObject({
      verdict: "refused",
      message: expect.stringContaining(`can be read by other users (mode 0${mode.toString(8)})`),
      hint: `keep it for one user: chmod 600 ${file}`
    })
  for (const mode of [0o620, 0o602, 0o666])
    expect(faultOf(mode)).toMatchObject({ message: expect.stringContaining("can be changed by other users") })
  symlinkSync(file, at("link"))
  chmodSync(file, 0o644)
  expect(secretFault(at("link"))).toMatchObject({ verdict: "refused" })
  chmodSync(file, 0o600)
  mkdirSync(at("open"))
  for (const mode of [0o777, 0o775, 0o757]) {
    chmodSync(at("open"), mode)
    writeFileSync(at("open/token"), "secret", { mode: 0o600 })
    expect(secretFault(at("open/token"))).toMatchObject({
      verdict: "refused",
      message: expect.stringContaining("other users can change it")
    })
  }
  symlinkSync(file, at("open/link"))
  expect(secretFault(at("open/link"))).toMatchObject({ verdict: "refused" })
  symlinkSync(at("open/token"), at("into-open"))
  expect(secretFault(at("into-open"))).toMatchObject({ verdict: "refused" })
  chmodSync(at("open"), 0o1777)
  expect(secretFault(at("open/link"))).toBeUndefined()
  countAttacks(context, 19)
})

it.runIf(isRoot)("takes what root hands to a user, as containers do, and nothing of a third", (context) => {
  const file = at("handed")
  const asUser = (uid: number, mode: number) => {
    writeFileSync(file, "secret")
    chownSync(file, uid, 0)
    chmodSync(file, mode)
    const spy = vi.spyOn(process, "getuid").mockReturnValue(65_534)
    const fault = secretFault(file)
    spy.mockRestore()
    return fault
  }
  expect(asUser(0, 0o440)).toBeUndefined()
  expect(asUser(0, 0o444)).toMatchObject({ verdict: "warning" })
  expect(asUser(0, 0o460)).toMatchObject({ verdict: "refused" })
  expect(asUser(1234, 0o600)).toMatchObject({
    verdict: "refused",
    message: expect.stringContaining("belongs to another user (1234)")
  })
  countAttacks(context, 4)
})

it("has clients and workers refuse them with words", async (context) => {
  const file = at("shown")
  writeFileSync(file, "secret", { mode: 0o644 })
  for (const variable of ["LOOPCARRY_TOKEN_FILE", "LOOPCARRY_KEY"]) {
    vi.stubEnv(variable, file)
    const refused = await Effect.runPromise(failure(credentialsOf("remote://127.0.0.1")))
    expect(refused).toMatchObject({
      _tag: "DeviceUnavailable",
      message: `${variable}: ${file} can be read by other users (mode 0644)`
    })
    vi.unstubAllEnvs()
  }
  const ended = await loopcarry(["serve", "--listen", "127.0.0.1:0", "--token-file", file])
  expect(ended).toMatchObject({ status: 2, stdout: "" })
  expect(ended.stderr).toContain(`--token-file: ${file} can be read by other users (mode 0644)`)
  countAttacks(context, 3)
})

it("takes no token that no header can hold, on either side", async (context) => {
  const sent = ["abc", "a b", "p\u00e4ss", "~!", "x", "\ufeffabc\r\n", " abc "]
  const unsent = ["abc\ndef", "a\r\nb", "a\0b", "a\tb", "a\x7fb", "a\u0085b", "\u20ac", "a\ufffdb", ""]
  for (const token of [...sent, ...unsent]) {
    const fine = sent.includes(token)
    const fault = exposedFault({ host: "127.0.0.1", token: token.trim() })
    if (fine) expect(fault).toBeUndefined()
    else expect(fault?.message).toContain("the worker's token cannot be sent")
    const file = at("header-token")
    writeFileSync(file, token, { mode: 0o600 })
    vi.stubEnv("LOOPCARRY_TOKEN_FILE", file)
    const given = credentialsOf("remote://127.0.0.1")
    if (fine) expect((await Effect.runPromise(given)).token).toBe(token.trim())
    else
      expect(await Effect.runPromise(failure(given))).toMatchObject({
        _tag: "DeviceUnavailable",
        message: expect.stringContaining("the token cannot be sent")
      })
  }
  // Bytes that are no text would all be read as the same character.
  writeFileSync(at("header-token"), Buffer.of(0x61, 0xff, 0xfe, 0x62))
  const ended = await loopcarry(["serve", "--listen", "127.0.0.1:0", "--token-file", at("header-token")])
  expect(ended).toMatchObject({ status: 2, stdout: "" })
  expect(ended.stderr).toContain("the worker's token cannot be sent")
  vi.stubEnv("LOOPCARRY_TOKEN_FILE", "")
  vi.stubEnv("LOOPCARRY_TOKEN", " abc\n")
  expect((await Effect.runPromise(credentialsOf("remote://127.0.0.1"))).token).toBe("abc")
  countAttacks(context, 2 * (sent.length + unsent.length) + 2)
})

it("makes certificates whole, and replaces none unasked", async (context) => {
  const place = at("made")
  prepareCertificateFolder(place, false)
  writeCertificateFiles(place, made, false)
  expect(contents(place)).toEqual({ "key.pem": "key", "cert.pem": "cert", token: "token\n" })
  const refusal = thrown(() => prepareCertificateFolder(place, false))
  expect(refusal).toMatchObject({ _tag: "UsageError", hint: expect.stringContaining("--force") })
  expect(refusal.message).toContain("already holds key.pem, token, cert.pem")
  const other = { key: "2", cert: "2", token: "2" }
  // As two that look at once: both see nothing there.
  expect(thrown(() => writeCertificateFiles(place, other, false))).toMatchObject({ code: "EEXIST" })
  expect(contents(place)).toEqual({ "key.pem": "key", "cert.pem": "cert", token: "token\n" })
  for (const name of ["key.pem", "token", "cert.pem"]) {
    const alone = at(`only-${name}`)
    mkdirSync(alone)
    symlinkSync("/nowhere", path.join(alone, name))
    expect(thrown(() => prepareCertificateFolder(alone, false)).message).toContain(`already holds ${name},`)
    expect(thrown(() => writeCertificateFiles(alone, other, false))).toMatchObject({ code: "EEXIST" })
    expect(readdirSync(alone)).toEqual([name])
  }
  prepareCertificateFolder(place, true)
  writeCertificateFiles(place, other, true)
  expect(contents(place)).toEqual({ "key.pem": "2", "cert.pem": "2", token: "2\n" })
  expect(statSync(path.join(place, "key.pem")).mode & 0o777).toBe(0o600)
  mkdirSync(at("shared"))
  chmodSync(at("shared"), 0o777)
  expect(thrown(() => prepareCertificateFolder(at("shared"), false)).message).toContain(
    "is no place for secrets"
  )
  const again = await loopcarry(["serve", "--generate-certificate", place])
  expect(again).toMatchObject({ status: 2, stdout: "" })
  expect(again.stderr).toContain("already holds key.pem, token, cert.pem")
  const proc = await loopcarry(["serve", "--generate-certificate", "/proc/none/certificate"])
  expect(proc).toMatchObject({ status: 2, stdout: "" })
  countAttacks(context, 10)
})
