import type { DeviceCounts } from "../backend/partition.ts"
import type { XlaOptions } from "../backend/xla.ts"
import type { Partitioner } from "../module/device-counts.ts"
import { integer, message, text, varint } from "./protobuf.ts"

/** Devices of a PJRT client by their numbers, one for each partition of a program's first replica, then of its second, … */
export type DeviceIds = readonly [number, ...ReadonlyArray<number>]

/**
 * An OptionOverrideProto: string_field (1), bool_field (2) or int_field (3). A text is read as the option's own type,
 * whole numbers of up to 32 bits.
 */
const override = (value: XlaOptions[string]): ReadonlyArray<number> => {
  if (typeof value === "boolean") return integer(2, value ? 1 : 0)
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 2 ** 31
    ? integer(3, value)
    : text(1, String(value))
}

/**
 * A serialized CompileOptionsProto (xla/pjrt/proto/compile_options.proto) for a program's replicas and partitions. Its
 * fields:
 * - executable_build_options (3), with num_replicas (4) and num_partitions (5);
 * - in it device_assignment (9), a DeviceAssignmentProto (xla/xla_data.proto): a computation for each partition, which
 * lists the devices of its replicas;
 * - for several partitions use_spmd_partitioning (6) and use_shardy_partitioner (19).
 * Without devices, the program is for the first devices of a topology.
 * Options of XLA are env_option_overrides (7), a map. They are set on top of the defaults and of XLA_FLAGS, and the
 * plugin refuses those it does not know. debug_options would replace all defaults and ignore unknown ones.
 */
export const compileOptions = (
  counts: DeviceCounts,
  partitioner: Partitioner,
  xla: XlaOptions,
  devices?: DeviceIds
): Uint8Array => {
  const { replicas, partitions } = counts
  const assignment =
    devices === undefined
      ? []
      : message(9, [
          ...integer(1, replicas),
          ...integer(2, partitions),
          ...Array.from({ length: partitions }, (_, partition) => {
            const ids = devices.filter((_, i) => i % partitions === partition)
            return message(3, message(1, ids.flatMap(varint)))
          }).flat()
        ])
  const spmd = partitions === 1 ? [] : [...integer(6, 1)]
  const shardy = partitions === 1 || partitioner === "gspmd" ? [] : [...integer(19, 1)]
  return Uint8Array.from([
    ...message(3, [...integer(4, replicas), ...integer(5, partitions), ...spmd, ...assignment, ...shardy]),
    ...Object.entries(xla).flatMap(([name, value]) =>
      message(7, [...text(1, name), ...message(2, override(value))])
    )
  ])
}
