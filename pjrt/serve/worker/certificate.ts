import { randomBytes } from "node:crypto"
import { isIP } from "node:net"
import type forgeModule from "node-forge"
import { PackageMissing } from "../../backend/errors.ts"
import { isLoopback } from "../../served/remote/address.ts"

/** How long a certificate of ours is good, in years. */
const years = 2

/** Clocks differ: a certificate is good from so long ago on, in milliseconds. */
const slack = 60 * 60 * 1000

/** What a worker needs to be reached from other machines. */
export interface CertificateFiles {
  /** The worker's own; clients trust it as it is. PEM. */
  readonly cert: string
  /** Its private key. PEM. */
  readonly key: string
  readonly token: string
}

const loadForge = async (): Promise<typeof forgeModule> => {
  try {
    return ((await import("node-forge")) as unknown as { readonly default: typeof forgeModule }).default
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!/MODULE_NOT_FOUND$/.test(code ?? "") || !message.includes("node-forge")) throw error
    throw new PackageMissing({
      package: "node-forge",
      message: "making a certificate takes the package node-forge, which is not installed",
      hint: "install it beside loopcarry: npm install node-forge (with --global, where loopcarry is installed so); or make a certificate and a token by other means, for --tls-cert, --tls-key and --token-file"
    })
  }
}

/** Rejects with PackageMissing where the library that makes certificates is not installed. */
export const needForge = async (): Promise<void> => {
  await loadForge()
}

/**
 * Makes a certificate that a worker signs itself, for the names that clients call it by, and a token for them. The
 * promise rejects with `PackageMissing` where the optional package node-forge is not installed.
 *
 * @example
 * const { cert } = yield* Effect.promise(() => generateCertificate(["tpu-vm"]))
 * cert.startsWith("-----BEGIN CERTIFICATE-----") // true
 */
export const generateCertificate = async (hosts: ReadonlyArray<string>): Promise<CertificateFiles> => {
  const forge = await loadForge()
  const { pki } = forge
  const keys = await new Promise<forgeModule.pki.rsa.KeyPair>((resolve, reject) =>
    pki.rsa.generateKeyPair({ bits: 3072 }, (error, pair) => (error ? reject(error) : resolve(pair)))
  )
  const certificate = pki.createCertificate()
  certificate.publicKey = keys.publicKey
  // Its first byte makes it positive, and is none that DER leaves out.
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x3f) | 0x40
  certificate.serialNumber = serial.toString("hex")
  certificate.validity.notBefore = new Date(Date.now() - slack)
  certificate.validity.notAfter = new Date(Date.now() + years * 365 * 24 * 60 * 60 * 1000)
  const subject = [{ name: "commonName", value: hosts[0] ?? "loopcarry worker" }]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  const names = [...new Set([...hosts, "localhost", "127.0.0.1"])]
  certificate.setExtensions([
    { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
    { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
    { name: "extKeyUsage", serverAuth: true, clientAuth: true },
    {
      name: "subjectAltName",
      altNames: names.map((name) => (isIP(name) !== 0 ? { type: 7, ip: name } : { type: 2, value: name }))
    }
  ])
  certificate.sign(keys.privateKey, forge.md.sha256.create())
  return {
    cert: pki.certificateToPem(certificate),
    key: pki.privateKeyToPem(keys.privateKey),
    token: randomBytes(32).toString("base64url")
  }
}

/** The names by which a worker that listens on a host may be called. */
export const namesFor = (host: string, given: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...given, host].filter((name) => name !== "0.0.0.0" && name !== "::" && !isLoopback(name))
