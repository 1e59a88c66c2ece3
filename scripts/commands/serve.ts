import { hostname } from "node:os"
import * as Effect from "effect/Effect"
import { readNamed } from "../../native/files.ts"
import { secretFault } from "../../native/secrets.ts"
import { PackageMissing } from "../../pjrt/backend/errors.ts"
import { UsageError } from "../../pjrt/cli/errors.ts"
import { deviceFlags, flag } from "../../pjrt/cli/flags.ts"
import { xlaFlag } from "../../pjrt/cli/main.ts"
import { progressLine } from "../../pjrt/cli/progress.ts"
import { pluginDeviceNames } from "../../pjrt/platforms/names.ts"
import { generateCertificate, namesFor, needForge } from "../../pjrt/serve/worker/certificate.ts"
import { exposedFault } from "../../pjrt/serve/worker/exposed.ts"
import { defaultLimits, type Limits } from "../../pjrt/serve/worker/limits.ts"
import { supervise } from "../../pjrt/serve/worker/supervisor.ts"
import { defaultPort, parseAddress } from "../../pjrt/served/remote/address.ts"
import { askedToEnd } from "../asked-to-end.ts"
import { prepareCertificateFolder, writeCertificateFiles } from "../certificate-files.ts"
import { makeCommand } from "../command.ts"
import { usage } from "../program-file.ts"

const flags = {
  device: flag.string(
    undefined,
    `the device to serve: ${pluginDeviceNames}, plugin:<path>; else LOOPCARRY_DEVICE, else cpu`
  ),
  listen: flag.string(
    `127.0.0.1:${defaultPort}`,
    "where to listen; beyond this machine that takes TLS and a token"
  ),
  "tls-cert": flag.string(undefined, "the worker's certificate, PEM"),
  "tls-key": flag.string(undefined, "its private key, PEM"),
  "client-ca": flag.string(undefined, "the authority whose certificates clients must show, PEM"),
  "token-file": flag.string(undefined, "the token that clients must give"),
  "generate-certificate": flag.string(
    undefined,
    "write cert.pem, key.pem and token into this folder, and end"
  ),
  force: flag.boolean("have --generate-certificate replace files that are there"),
  name: flag.strings("a name that clients call this machine by, for --generate-certificate; may be repeated"),
  limit: flag.strings(`a limit, such as --limit arrays=1000; may be repeated`),
  "one-session": flag.boolean("serve one session, and end when it has ended"),
  "drain-seconds": flag.int(30, "how long to wait for what is under way when asked to end"),
  plugin: deviceFlags.plugin,
  "virtual-devices": deviceFlags["virtual-devices"],
  offline: deviceFlags.offline,
  xla: deviceFlags.xla
} as const

const commandUsage = `loopcarry serve: a worker that runs programs for others, on this machine's device

A client uses it with --device remote://HOST:PORT[/DEVICE]. It listens on this machine alone unless it has a
certificate and a token (make both with --generate-certificate FOLDER); clients are given cert.pem and token.
A program that ends the process which works on it is refused by its digest for a day, or until SIGHUP.
It is no sandbox: run it as a user who may do nothing else.

Limits, each of one session where nothing else is said:
${Object.entries(defaultLimits)
  .map(([name, value]) => `  ${name.padEnd(16)}${value}`)
  .join("\n")}`

const fileOf = (name: string, file: string | undefined): Buffer | undefined => {
  if (file === undefined) return undefined
  try {
    return readNamed(file)
  } catch (error) {
    throw usage(`--${name} ${file} cannot be read: ${(error as Error).message}`, "check the path")
  }
}

/** As `fileOf`, where others must not read it. */
const secretOf = (name: string, file: string | undefined): Buffer | undefined => {
  const content = fileOf(name, file)
  const fault = content === undefined ? undefined : secretFault(file!)
  if (fault?.verdict === "refused") throw usage(`--${name}: ${fault.message}`, fault.hint)
  if (fault !== undefined) process.stderr.write(`loopcarry: --${name}: ${fault.message}\n`)
  return content
}

const limitsOf = (given: ReadonlyArray<string>): Partial<Limits> =>
  Object.fromEntries(
    given.map((text) => {
      const [name, value] = text.split("=")
      const number = Number(value)
      if (!Object.hasOwn(defaultLimits, name ?? "") || value === undefined || Number.isNaN(number))
        throw usage(
          `--limit ${text} is not understood`,
          `it is NAME=NUMBER, the names being ${Object.keys(defaultLimits).join(", ")}`
        )
      return [name, number]
    })
  )

const writeCertificate = (folder: string, names: ReadonlyArray<string>, force: boolean) =>
  Effect.gen(function* () {
    const attempt = (act: () => void) =>
      Effect.try({
        try: act,
        catch: (error) =>
          error instanceof UsageError
            ? error
            : usage(`${folder} cannot be written: ${(error as Error).message}`, "give another folder")
      })
    yield* Effect.tryPromise({
      try: needForge,
      catch: (error) => {
        if (error instanceof PackageMissing) return error
        throw error
      }
    })
    yield* attempt(() => prepareCertificateFolder(folder, force))
    const made = yield* Effect.promise(() => generateCertificate(names.length === 0 ? [hostname()] : names))
    yield* attempt(() => writeCertificateFiles(folder, made, force))
    process.stdout.write(
      `written to ${folder}: cert.pem and token, which clients are given, and key.pem, which stays here\n`
    )
  })

export const command = makeCommand({
  usage: commandUsage,
  flags,
  words: 0,
  run: (values) =>
    Effect.gen(function* () {
      const listen = parseAddress(values.listen.replace(/:0$/, ":65535"))
      if (listen === undefined || listen.device !== undefined)
        return yield* usage(`--listen ${values.listen} is not understood`, "it is HOST:PORT")
      const port = values.listen.endsWith(":0") ? 0 : listen.port
      const device = values.device ?? (process.env.LOOPCARRY_DEVICE || "cpu")
      if (device.startsWith("remote://"))
        return yield* usage(
          `${device} is served already, and is no device of this machine`,
          "serve cpu, cuda or tpu; several workers are used as a pool"
        )
      const folder = values["generate-certificate"]
      if (folder !== undefined) {
        return yield* writeCertificate(folder, namesFor(listen.host, values.name), values.force)
      }
      const options = yield* Effect.try({
        try: () => {
          const cert = fileOf("tls-cert", values["tls-cert"])
          const key = secretOf("tls-key", values["tls-key"])
          const clientCa = fileOf("client-ca", values["client-ca"])
          if ((cert === undefined) !== (key === undefined))
            throw usage("--tls-cert and --tls-key go together", "give both, or neither")
          if (clientCa !== undefined && cert === undefined)
            throw usage(
              "--client-ca asks for TLS, and there is no --tls-cert",
              "give --tls-cert and --tls-key too"
            )
          const token = secretOf("token-file", values["token-file"])?.toString("utf8").trim()
          if (token === "") throw usage("the file of --token-file is empty", "see --generate-certificate")
          const tls = cert && key ? { cert, key, ...(clientCa && { clientCa }) } : undefined
          return { tls, token, limits: limitsOf(values.limit) }
        },
        catch: (error) => error as ReturnType<typeof usage>
      })
      // What is said of where it may listen is said of the flags.
      const exposed = exposedFault({ host: listen.host, ...options })
      if (exposed !== undefined) return yield* usage(exposed.message, exposed.hint)
      const count = values["virtual-devices"]
      const progress = progressLine()
      const worker = yield* supervise({
        ...options,
        device,
        oneSession: values["one-session"],
        host: listen.host,
        port,
        plugin: values.plugin,
        offline: values.offline,
        virtualDevices: count === undefined ? undefined : Number(count),
        xla: yield* xlaFlag(values.xla),
        progress: progress.step,
        log: (line) => process.stderr.write(`loopcarry: ${line}\n`)
      }).pipe(Effect.ensuring(Effect.sync(progress.end)))
      process.stdout.write(
        values.json
          ? `${JSON.stringify({ address: worker.address, tls: options.tls !== undefined })}\n`
          : `listening on ${worker.address}${options.tls === undefined ? ", in cleartext" : ""}\n`
      )
      process.on("SIGHUP", () => {
        const count = worker.lift()
        process.stderr.write(`loopcarry: SIGHUP: refused programs that are taken again: ${count}\n`)
      })
      const why = yield* Effect.raceFirst(
        Effect.map(askedToEnd, (signal) => `${signal}: ending when what is under way is done`),
        Effect.as(worker.finished, "the one session has ended")
      )
      process.stderr.write(`loopcarry: ${why}\n`)
      yield* worker.drain(values["drain-seconds"])
    }).pipe(Effect.scoped)
})
