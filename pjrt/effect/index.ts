/** For programs that use Effect: schemas of what stands in files, settings, metrics. */
export { config, deviceLayer, settings } from "./config.ts"
export { metricsLayer, type Usage, usage } from "./metrics.ts"
export { DeviceFlags, DeviceName } from "./schema.ts"
