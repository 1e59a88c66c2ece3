/** Serving a device to others, and using several workers. One worker is a device like any other: `remote://host:port`. */
export * as Pool from "./pool.ts"
export { type CertificateFiles, generateCertificate, PackageMissing } from "./worker/certificate.ts"
export { defaultLimits, type Limits } from "./worker/limits.ts"
export type { Tls } from "./worker/server.ts"
export { type Supervised, supervise } from "./worker/supervisor.ts"
export { serve, type Worker, type WorkerOptions } from "./worker/worker.ts"
