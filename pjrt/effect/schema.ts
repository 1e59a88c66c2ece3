import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { passNames } from "../../dsl/passes/names.ts"
import { deviceNames, parseDeviceName } from "../platforms/names.ts"

/**
 * A device's name, as a file or a form has it: `cpu:1`, `remote://host:port`. What is none is refused, with the names
 * that there are.
 *
 * @example
 * const name = yield* Schema.decodeUnknownEffect(DeviceName)("reference")
 * name.length // 9
 */
export const DeviceName = Schema.String.check(
  Schema.makeFilter((name) =>
    parseDeviceName(name) === undefined ? `no device name: device names are ${deviceNames}` : undefined
  )
)

const seconds = Schema.Finite.check(Schema.isGreaterThan(0))

const Options = Schema.Struct({
  virtualDevices: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
  plugin: Schema.optionalKey(Schema.String),
  offline: Schema.optionalKey(Schema.Boolean),
  isolate: Schema.optionalKey(Schema.Boolean),
  timeLimit: Schema.optionalKey(
    Schema.Union([
      seconds,
      Schema.Struct({
        compiling: Schema.optionalKey(seconds),
        running: Schema.optionalKey(seconds),
        uploading: Schema.optionalKey(seconds),
        reading: Schema.optionalKey(seconds)
      })
    ])
  ),
  profile: Schema.optionalKey(Schema.String),
  patience: Schema.optionalKey(seconds),
  cache: Schema.optionalKey(Schema.Boolean),
  xla: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.Union([Schema.Boolean, Schema.Finite, Schema.String]))
  ),
  optimize: Schema.optionalKey(Schema.Union([Schema.Boolean, Schema.Array(Schema.Literals(passNames))])),
  reassociate: Schema.optionalKey(Schema.Boolean),
  strict: Schema.optionalKey(Schema.Boolean)
})

const names = Object.keys(Options.fields)

/** What a schema of fields passes over: names that it does not know. */
const Known = Schema.Record(Schema.String, Schema.Unknown).check(
  Schema.makeFilter((given) => {
    const unknown = Object.keys(given).find((name) => !names.includes(name))
    return unknown === undefined
      ? undefined
      : `there is no option ${unknown}: the options are ${names.join(", ")}`
  })
)

/**
 * The options of a device that can stand in a file, under the names that `Device.layer` takes. Others are refused, so
 * that a name which is written wrong is not passed over.
 *
 * @example
 * const options = yield* Schema.decodeUnknownEffect(DeviceFlags)({ isolate: true, timeLimit: 60 })
 * options.timeLimit // 60
 */
export const DeviceFlags = Known.pipe(Schema.decodeTo(Options, SchemaTransformation.passthroughSubtype()))
