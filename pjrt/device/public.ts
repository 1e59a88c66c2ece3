/** What users need of devices: `Device.layer`, `Device.open`. */
export { type DeviceOptions, layer, open } from "./device.ts"
