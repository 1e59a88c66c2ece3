/** Serving a device to others, and using several workers. One worker is a device like any other: `remote://host:port`. */
export { PackageMissing } from "./backend/errors.ts"
export * as Pool from "./device/pool.ts"
export { type CertificateFiles, generateCertificate } from "./serve/worker/certificate.ts"
export { defaultLimits, type Limits } from "./serve/worker/limits.ts"
export type { WorkerOptions } from "./serve/worker/options.ts"
export type { Tls } from "./serve/worker/server.ts"
export { type Supervised, supervise } from "./serve/worker/supervisor.ts"
export { serve, type Worker } from "./serve/worker/worker.ts"
