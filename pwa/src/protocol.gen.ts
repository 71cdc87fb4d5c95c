// Generated from server/protocol by `pickwave types`; a test compares it with its source.

export const PROTOCOL = 1

export type Step = "bin" | "sku" | "lot" | "serial" | "tote"

export type ShortReason = "none_on_shelf" | "damaged" | "wrong_item" | "cannot_reach"

export type MissingReason = "missing" | "damaged"

export type Language = "de" | "en" | "es" | "fr"

export type Predicate = "always" | "tracks_lot" | "tracks_serial" | "confirms_tote"

/** A supervisor lets a parcel pass although its weight differs or cannot be expected; with a reason. */
export interface AcceptWeight {
  readonly do: "accept_weight"
  readonly parcel: string
  readonly reason: string
}

/** The device has shown that these lines were withdrawn; their reservation may be freed. */
export interface AcknowledgeWithdrawal {
  readonly do: "acknowledge_withdrawal"
  readonly task: string
  readonly lines: readonly string[]
}

/** Give a task to a picker; '' puts it back on offer. */
export interface AssignTask {
  readonly do: "assign_task"
  readonly task: string
  readonly user: string
}

/** Undo a plan, or withdraw what is not picked of a released wave. */
export interface CancelWave {
  readonly do: "cancel_wave"
  readonly wave: string
  readonly reason?: string
}

/** The van leaves: every loaded parcel is shipped. `count` is what the driver counted, checked when above 0. */
export interface CloseManifest {
  readonly do: "close_manifest"
  readonly manifest: string
  readonly count?: number
}

/** The parcel is full or done. With items left over, `partial_reason` is needed; another parcel is opened. */
export interface CloseParcel {
  readonly do: "close_parcel"
  readonly shipment: string
  readonly parcel: string
  readonly carton?: string
  readonly partial_reason?: string
}

/** All lines are done: leave the totes at the consolidation place `code`; '' where the site has none. */
export interface DropTotes {
  readonly do: "drop_totes"
  readonly task: string
  readonly code?: string
}

/** Give a task back to the queue with what is picked so far. */
export interface HandBack {
  readonly do: "hand_back"
  readonly task: string
}

/** First frame of a client: where it stopped. `position` 0 asks for a snapshot; `seq` is the last op it made. */
export interface Hello {
  readonly t: "hello"
  readonly protocol: number
  readonly position: number
  readonly seq: number
  readonly waiting?: number
}

/** Offer no more tasks of a wave; tasks already taken go on. */
export interface HoldWave {
  readonly do: "hold_wave"
  readonly wave: string
}

/** Put a task that nobody began back into the one it was split from. */
export interface JoinTasks {
  readonly do: "join_tasks"
  readonly task: string
  readonly into: string
}

/** Scan a parcel at the door: binds parcel, carrier and load. */
export interface LoadParcel {
  readonly do: "load_parcel"
  readonly manifest: string
  readonly code: string
}

/** A supervisor declares a device lost: its tasks return to the queue, withdrawn lines are freed. */
export interface LoseDevice {
  readonly do: "lose_device"
  readonly device: string
}

/** The device lost operations before `seq` (storage wiped): logged, and `seq` is expected next. */
export interface Lost {
  readonly t: "lost"
  readonly seq: number
}

/** The tote in `slot` is full (or is first placed): go on with the tote `code`. */
export interface NewTote {
  readonly do: "new_tote"
  readonly task: string
  readonly slot: number
  readonly code: string
}

/** A command in its envelope.
 *
 * `seq` counts per device from 1 without gaps; `at` is the device's clock (ms); `by` is the user signed in
 * when it was made. */
export interface Op {
  readonly t: "op"
  readonly op_id: string
  readonly seq: number
  readonly at: number
  readonly by: string
  readonly cmd: TakeTask | TakeOver | HandBack | Scan | Short | Skip | Undo | NewTote | ZeroCheck | AcknowledgeWithdrawal | DropTotes | OpenPack | PackItem | TrustTote | ReportMissing | CloseParcel | ReopenParcel | Weigh | AcceptWeight | PrintLabel | VoidLabel | OpenManifest | LoadParcel | CloseManifest | SetTracking | Unship | PlanWave | ReplanWave | ReleaseWave | HoldWave | ResumeWave | CancelWave | AssignTask | SplitTask | JoinTasks | LoseDevice | SetLanguage
}

/** Start loading for a carrier at a site. */
export interface OpenManifest {
  readonly do: "open_manifest"
  readonly site: string
  readonly carrier: string
}

/** Scan a tote or an order at a station: the shipment's contents are listed. */
export interface OpenPack {
  readonly do: "open_pack"
  readonly station: string
  readonly code: string
}

/** Put what was scanned into the open parcel; `quantity` 0 counts the barcode's own units. */
export interface PackItem {
  readonly do: "pack_item"
  readonly shipment: string
  readonly parcel: string
  readonly code: string
  readonly symbology?: string
  readonly quantity?: number
}

/** Is anybody there? `waiting` = operations in the outbox, for the supervisor. */
export interface Ping {
  readonly t: "ping"
  readonly n: number
  readonly waiting?: number
}

/** Plan a wave of allocated shipments of a site; empty filters take all of them. */
export interface PlanWave {
  readonly do: "plan_wave"
  readonly site: string
  readonly carrier?: string
  readonly cut_off_before?: number
  readonly zone?: string
  readonly least_priority?: number
  readonly most_shipments?: number
}

/** Print the parcel's label: one label a parcel, a second call is a logged reprint. */
export interface PrintLabel {
  readonly do: "print_label"
  readonly parcel: string
  readonly station?: string
}

/** Put a planned wave on the floor. */
export interface ReleaseWave {
  readonly do: "release_wave"
  readonly wave: string
}

/** Open a closed parcel again to put it right; its weight is forgotten and its label voided. */
export interface ReopenParcel {
  readonly do: "reopen_parcel"
  readonly parcel: string
}

/** Plan a wave that is not released once more, from its plan on; shipments allocated since then join it. */
export interface ReplanWave {
  readonly do: "replan_wave"
  readonly wave: string
}

/** An item is missing from the tote, or damaged: opens a re-pick task. */
export interface ReportMissing {
  readonly do: "report_missing"
  readonly shipment: string
  readonly sku: string
  readonly quantity: number
  readonly reason: "damaged" | "missing"
}

/** Offer the tasks of a held wave again. */
export interface ResumeWave {
  readonly do: "resume_wave"
  readonly wave: string
}

/** One scan at one step of one line: right or wrong, it becomes a row.
 *
 * `quantity` 0 counts the barcode's own units (a case of 12 counts 12); above 0 it is the typed quantity.
 * `symbology` is what the reader says, or `typed`, or `check` for check digits. */
export interface Scan {
  readonly do: "scan"
  readonly task: string
  readonly line: string
  readonly step: "bin" | "lot" | "serial" | "sku" | "tote"
  readonly code: string
  readonly symbology?: string
  readonly quantity?: number
  readonly sure?: boolean
}

/** Speak to me like this, at whatever device I sign in. */
export interface SetLanguage {
  readonly do: "set_language"
  readonly language: "de" | "en" | "es" | "fr"
}

/** A tracking number by hand, where the carrier gave one on paper. */
export interface SetTracking {
  readonly do: "set_tracking"
  readonly parcel: string
  readonly number: string
}

/** Nothing more can be picked for this line: the rest is short, with a reason. */
export interface Short {
  readonly do: "short"
  readonly task: string
  readonly line: string
  readonly reason: "cannot_reach" | "damaged" | "none_on_shelf" | "wrong_item"
}

/** Move a line to the end of the walk; it is not done. */
export interface Skip {
  readonly do: "skip"
  readonly task: string
  readonly line: string
}

/** Give the later half of a task's slots, as far as nobody began them, to a task of its own. */
export interface SplitTask {
  readonly do: "split_task"
  readonly task: string
}

/** Take a colleague's task; asked on the screen first, and logged. */
export interface TakeOver {
  readonly do: "take_over"
  readonly task: string
}

/** Accept an offered task, or come back to one's own. */
export interface TakeTask {
  readonly do: "take_task"
  readonly task: string
}

/** Policy allows it: everything picked for the shipment goes into the open parcel unscanned. */
export interface TrustTote {
  readonly do: "trust_tote"
  readonly shipment: string
  readonly parcel: string
}

/** Take the last confirmation of a line back: a compensating event, the goods return to the bin. */
export interface Undo {
  readonly do: "undo"
  readonly task: string
  readonly line: string
}

/** A shipped parcel came back from the van before it left the yard. */
export interface Unship {
  readonly do: "unship"
  readonly parcel: string
  readonly reason: string
}

/** Make a label invalid; the parcel may be labelled again. */
export interface VoidLabel {
  readonly do: "void_label"
  readonly parcel: string
  readonly reason: string
}

/** Subscribe to coalesced latest state of a site: `floor` (progress) or `none`. */
export interface Watch {
  readonly t: "watch"
  readonly what: "floor" | "none"
  readonly site?: string
}

/** A reading for a parcel: from the station's scale through the server, from the browser, or keyed. */
export interface Weigh {
  readonly do: "weigh"
  readonly parcel: string
  readonly grams: number
  readonly stable: boolean
  readonly unit?: string
  readonly tare_grams?: number
  readonly scale?: string
  readonly raw?: string
  readonly keyed?: boolean
}

/** What a station's scale shows now, told by the bridge beside it: latest state, never stored or replayed. */
export interface Weight {
  readonly t: "weight"
  readonly station: string
  readonly scale: string
  readonly grams: number
  readonly stable: boolean
  readonly raw: string
  readonly status?: "busy" | "offline" | "ok" | "overload" | "underload" | "wrong_unit"
}

/** Answer to "should be empty now: is it?". */
export interface ZeroCheck {
  readonly do: "zero_check"
  readonly task: string
  readonly line: string
  readonly empty: boolean
}

/** A small result of a command that no screen view covers. */
export interface Answer {
  readonly view: "answer"
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** A code that counts as `units` of the SKU. */
export interface BarcodeView {
  readonly code: string
  readonly units: number
}

/** State of tasks after the journal moved from `since` to `until`. A client not at `since` says hello again.
 *
 * With `snapshot` the list is complete: forget tasks that are not in it (once the outbox has been replayed). */
export interface Changed {
  readonly t: "changed"
  readonly since: number
  readonly until: number
  readonly tasks: readonly TaskView[]
  readonly gone: readonly string[]
  readonly snapshot: boolean
}

/** The operation is durable on the server. `result` is what a station needs to go on. */
export interface Committed {
  readonly t: "committed"
  readonly op_id: string
  readonly seq: number
  readonly position: number
  readonly result: PackView | ManifestView | Answer | null
}

/** A frame was not understood; the socket stays open, ten in a row close it. */
export interface Error {
  readonly t: "error"
  readonly code: string
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** There is a gap: send `seq` next. */
export interface Expected {
  readonly t: "expected"
  readonly seq: number
}

/** One line of a task with all that an offline handheld needs to confirm it. */
export interface LineView {
  readonly id: string
  readonly sequence: number
  readonly state: string
  readonly step: string
  readonly bin: string
  readonly bin_code: string
  readonly check: string
  readonly aisle: string
  readonly level: number
  readonly sku: string
  readonly name: string
  readonly barcodes: readonly BarcodeView[]
  readonly tracking: string
  readonly lots: readonly string[]
  readonly serials: readonly string[]
  readonly quantity: number
  readonly counted: number
  readonly picked: number
  readonly unit: string
  readonly slot: number
  readonly shipment: string
  readonly zero_check: boolean
}

/** A load at the door. */
export interface ManifestView {
  readonly view: "manifest"
  readonly id: string
  readonly site: string
  readonly carrier: string
  readonly state: string
  readonly opened_at: number
  readonly parcels: number
  readonly waiting: number
  readonly grams: number
}

/** Something the station or person should know now: a printer out of paper, a label in the queue. */
export interface Notice {
  readonly t: "notice"
  readonly code: string
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** One SKU of a shipment at the station. */
export interface PackLineView {
  readonly sku: string
  readonly name: string
  readonly barcodes: readonly string[]
  readonly ordered: number
  readonly picked: number
  readonly packed: number
}

/** A shipment on a pack station's screen. */
export interface PackView {
  readonly view: "pack"
  readonly shipment: string
  readonly order: string
  readonly state: string
  readonly carrier: string
  readonly note: string
  readonly suggested_carton: string
  readonly trust_tote: boolean
  readonly totes_here: readonly string[]
  readonly totes_missing: readonly string[]
  readonly lines: readonly PackLineView[]
  readonly parcels: readonly ParcelView[]
  readonly open_parcel: string
}

/** A parcel and where it stands. Weights in grams; -1 = not known. */
export interface ParcelView {
  readonly id: string
  readonly sscc: string
  readonly state: string
  readonly carton: string
  readonly expected_grams: number
  readonly tolerance_grams: number
  readonly weight_grams: number
  readonly cause: string
  readonly tracking: string
}

/** A person on the floor as the supervisor sees them. `waiting` = operations not yet sent by the device. */
export interface PickerView {
  readonly user: string
  readonly name: string
  readonly device: string
  readonly online: boolean
  readonly task: string
  readonly bin: string
  readonly last_scan_at: number
  readonly scans: number
  readonly refusals: number
  readonly shorts: number
  readonly waiting: number
}

/** Answer to ping with the server's clock (ms). */
export interface Pong {
  readonly t: "pong"
  readonly n: number
  readonly at: number
}

/** Latest state of a site's floor, at most ten a second; never replayed. */
export interface Progress {
  readonly t: "progress"
  readonly at: number
  readonly site: string
  readonly waves: readonly WaveView[]
  readonly pickers: readonly PickerView[]
  readonly stations: readonly StationView[]
  readonly refusals: readonly RefusalCount[]
}

/** How often a code was answered today. */
export interface RefusalCount {
  readonly code: string
  readonly count: number
}

/** The rules refused the operation; the sequence advances, the outcome is stored. */
export interface Rejected {
  readonly t: "rejected"
  readonly op_id: string
  readonly seq: number
  readonly code: string
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** A place on the trolley: which tote stands there and for which shipment. */
export interface SlotView {
  readonly slot: number
  readonly shipment: string
  readonly order: string
  readonly tote: string
  readonly tote_code: string
}

/** A pack station's figures of the day. */
export interface StationView {
  readonly id: string
  readonly name: string
  readonly parcels: number
  readonly weight_blocks: number
  readonly last_at: number
}

/** A task as a handheld keeps it. */
export interface TaskView {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly version: number
  readonly steps: number
  readonly wave: string
  readonly site: string
  readonly assignee: string
  readonly device: string
  readonly priority: number
  readonly cut_off: number
  readonly walk_mm: number
  readonly confirm_tote: boolean
  readonly slots: readonly SlotView[]
  readonly lines: readonly LineView[]
}

/** A wave's progress; `finish_at` is the projected finish in ms (0 = nothing to project from). */
export interface WaveView {
  readonly id: string
  readonly name: string
  readonly site: string
  readonly state: string
  readonly carrier: string
  readonly cut_off: number
  readonly shipments: number
  readonly tasks: number
  readonly tasks_done: number
  readonly lines: number
  readonly lines_done: number
  readonly lines_short: number
  readonly units: number
  readonly walk_mm: number
  readonly finish_at: number
}

/** Answer to hello: who you are, the journal's position, the last seq the server has from this device. */
export interface Welcome {
  readonly t: "welcome"
  readonly user: string
  readonly name: string
  readonly device: string
  readonly site: string
  readonly permissions: readonly string[]
  readonly position: number
  readonly seq: number
  readonly protocol: number
  readonly version: string
}

export type Facts = Readonly<Record<string, string | number | boolean | null>>

export type Command = TakeTask | TakeOver | HandBack | Scan | Short | Skip | Undo | NewTote | ZeroCheck | AcknowledgeWithdrawal | DropTotes | OpenPack | PackItem | TrustTote | ReportMissing | CloseParcel | ReopenParcel | Weigh | AcceptWeight | PrintLabel | VoidLabel | OpenManifest | LoadParcel | CloseManifest | SetTracking | Unship | PlanWave | ReplanWave | ReleaseWave | HoldWave | ResumeWave | CancelWave | AssignTask | SplitTask | JoinTasks | LoseDevice | SetLanguage

export type ClientFrame = Hello | Op | Lost | Ping | Watch | Weight

export type ServerFrame = Welcome | Changed | Committed | Rejected | Expected | Progress | Notice | Error | Pong

export type Result = NonNullable<Committed['result']>

export const STEPS_VERSION = 1

export interface StepRow {
  readonly step: Step
  readonly when: Predicate
  readonly then: Step | 'done'
  readonly refusal: RefusalCode
}

export type TaskKind = "pick" | "return" | "count"

export const STEPS: Readonly<Record<TaskKind, readonly StepRow[]>> = {
  pick: [
    {"step":"bin","when":"always","then":"sku","refusal":"wrong_bin"},
    {"step":"sku","when":"always","then":"lot","refusal":"wrong_sku"},
    {"step":"lot","when":"tracks_lot","then":"serial","refusal":"wrong_lot"},
    {"step":"serial","when":"tracks_serial","then":"tote","refusal":"serial_twice"},
    {"step":"tote","when":"confirms_tote","then":"done","refusal":"wrong_tote"},
  ],
  return: [
    {"step":"sku","when":"always","then":"bin","refusal":"wrong_sku"},
    {"step":"bin","when":"always","then":"done","refusal":"wrong_bin"},
  ],
  count: [
    {"step":"bin","when":"always","then":"sku","refusal":"wrong_bin"},
    {"step":"sku","when":"always","then":"done","refusal":"wrong_sku"},
  ],
}

export const COUNTS: Readonly<Record<string, Step>> = {"none":"sku","lot":"lot","expiry":"lot","serial":"serial"}

export const REFUSAL_CODES = [
  "not_allowed", // the person or machine lacks the permission
  "not_found", // there is no such thing
  "not_in_state", // the thing is in a state that does not allow this
  "stale", // somebody changed it meanwhile; look again
  "wrong_site", // the thing belongs to another warehouse
  "bad_value", // a value is outside what is possible
  "not_signed_in", // no valid session
  "bad_credentials", // badge, PIN or password is wrong
  "device_revoked", // a supervisor revoked this device
  "join_unknown", // there is no such joining code
  "join_used", // the joining code was used before
  "join_expired", // the joining code is too old
  "too_many_attempts", // sign-in is locked for a while
  "busy", // the server cannot take it now; it will be tried again
  "failed", // a fault on the server's side, parked to be looked at
  "bad_barcode", // the code is malformed
  "unknown_barcode", // the code belongs to nothing known
  "already_counted", // the same code within its cool-down
  "wrong_bin", // another bin was expected
  "wrong_check_digits", // the check digits are of another bin
  "bin_first", // a SKU was scanned before its bin
  "wrong_sku", // another SKU was expected
  "sku_not_in_bin", // the right SKU, but not at this bin
  "scan_lot", // several lots lie here: scan the lot
  "wrong_lot", // another lot was reserved
  "lot_expired", // the lot is past its date
  "serial_twice", // this serial number was already scanned
  "too_many", // more than the remainder
  "zero_quantity", // nothing to confirm
  "unusual_quantity", // an unusual quantity: confirm once more
  "wrong_tote", // another tote was expected
  "tote_of_other_order", // the tote holds another order
  "task_taken", // a colleague has this task
  "task_withdrawn", // the task was withdrawn
  "line_done", // the line is already done
  "line_cancelled", // the line was cancelled
  "order_on_hold", // the order is on hold
  "order_cancelled", // the order is cancelled
  "tote_needed", // scan a tote for this slot first
  "lines_open", // there are lines left to do
  "nothing_to_undo", // nothing was confirmed yet
  "not_enough_stock", // less is available than asked for
  "unknown_sku", // no such SKU in the catalogue
  "same_revision", // this revision of the order is already known
  "order_shipped", // the order has left the house
  "not_paid", // the order is not paid
  "nothing_to_plan", // no allocated order fits the filters
  "bin_outside_layout", // the plan knows no such bin in the layout
  "bin_unreachable", // barriers leave no way to the bin
  "unit_too_large", // a single unit is larger than any trolley
  "plan_stale", // orders changed since the plan was made
  "item_not_in_order", // the item does not belong to this order
  "more_than_ordered", // everything ordered of this item is already packed
  "totes_missing", // not all totes of this order are here
  "items_left", // items are left to pack; give a reason for a partial parcel
  "carton_not_allowed", // the carrier does not take this carton
  "not_packed", // the parcel is not closed
  "unstable", // the scale has not settled
  "negative_weight", // the scale shows less than nothing
  "over_range", // more than the scale can weigh
  "wrong_unit", // the scale speaks another unit
  "keyed_weight", // a keyed weight needs permission
  "weight_mismatch", // the weight is outside its tolerance
  "weight_unknown", // a SKU has no known weight: a supervisor must accept
  "not_verified", // no label before the contents are verified and the weight is accepted
  "no_printer", // the station has no printer
  "already_labelled", // the parcel has its label
  "wrong_carrier", // the parcel goes with another carrier
  "already_shipped", // the parcel has left
  "on_the_road", // the parcel is on a load that has left: it can only be taken back
  "already_loaded", // the parcel is on this load already
  "not_weighed", // the parcel has no accepted weight
  "tracking_needed", // the carrier's tracking number must be entered first
  "no_label", // the parcel has no label
  "count_differs", // the counted parcels differ from the load
  "bad_frame", // the frame is not understood
  "too_large", // the frame is too large
  "too_fast", // too many messages
  "old_client", // the client is too old: update it
  "newer_database", // the database is newer than this program
  "not_sealed", // the journal was changed from this position on
  "disk_full", // nothing can be stored any more
  "bad_signature", // the webhook's signature is wrong
  "no_goods", // nothing in the order can be shipped
  "not_an_order", // the payload is something else than an order
  "late_row", // a row of an order that was already read to its end
  "bad_row", // a row of the file cannot be read
] as const

export type RefusalCode = (typeof REFUSAL_CODES)[number]

export const IDENTIFIERS: readonly (readonly [string, boolean, string])[] = [
  ["(\\d{18})",false,"00"],
  ["(\\d{14})",false,"01-03"],
  ["([!%-?A-Z_a-z\\x22]{1,20})",true,"10 21-22 243 254 420 710-717 4318 7020-7022 7240 8002 8012"],
  ["(\\d{2}(?:0\\d|1[0-2])(?:[0-2]\\d|3[01]))",false,"11-13 15-17"],
  ["(\\d{2})",false,"20"],
  ["([!%-?A-Z_a-z\\x22]{1,28})",true,"235"],
  ["([!%-?A-Z_a-z\\x22]{1,30})",true,"90 240-241 250-251 400-401 403 4308 4319 7002 7023 8004"],
  ["(\\d{1,6})",true,"242"],
  ["(\\d{13})([!%-?A-Z_a-z\\x22]{0,17})",true,"253"],
  ["(\\d{13})(\\d{0,12})",true,"255"],
  ["(\\d{0,8})",true,"30"],
  ["(\\d{6})",false,"3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 3200-3205 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 3260-3265 3270-3275 3280-3285 3290-3295 3300-3305 3310-3315 3320-3325 3330-3335 3340-3345 3350-3355 3360-3365 3370-3375 3400-3405 3410-3415 3420-3425 3430-3435 3440-3445 3450-3455 3460-3465 3470-3475 3480-3485 3490-3495 3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555 3560-3565 3570-3575 3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665 3670-3675 3680-3685 3690-3695"],
  ["(\\d{1,8})",true,"37"],
  ["(\\d{1,15})",true,"3900-3909 3920-3929"],
  ["(\\d{3})(\\d{1,15})",true,"3910-3919 3930-3939"],
  ["(\\d{4})",true,"3940-3943 8111"],
  ["(\\d{6})",true,"3950-3955 4326 7006 8005"],
  ["(\\d{17})",true,"402"],
  ["(\\d{13})",false,"410-417"],
  ["(\\d{3})([!%-?A-Z_a-z\\x22]{1,9})",true,"421"],
  ["(\\d{3})",true,"422 424 426"],
  ["((?:\\d{3}){1,5})",true,"423 425"],
  ["([!%-?A-Z_a-z\\x22]{1,3})",true,"427 7008"],
  ["((?:[!%-?A-Z_a-z\\x22]|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,35})",true,"4300-4301 4310-4311 4320"],
  ["((?:[!%-?A-Z_a-z\\x22]|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,70})",true,"4302-4306 4312-4316 7257"],
  ["([A-Z0-9]{2})",true,"4307 4317"],
  ["(\\d{20})",true,"4309"],
  ["([01])",true,"4321-4323"],
  ["(\\d{10})",true,"4324-4325 7003"],
  ["(\\d{6}[-]?)",true,"4330-4333"],
  ["(\\d{13})",true,"7001"],
  ["(\\d{0,4})",true,"7004"],
  ["([!%-?A-Z_a-z\\x22]{1,12})",true,"7005"],
  ["(\\d{6})(\\d{6})?",true,"7007"],
  ["([!%-?A-Z_a-z\\x22]{1,10})",true,"7009"],
  ["([!%-?A-Z_a-z\\x22]{1,2})",true,"7010"],
  ["(\\d{6})(\\d{4})?",true,"7011"],
  ["(\\d{3})([!%-?A-Z_a-z\\x22]{1,27})",true,"7030-7039"],
  ["(\\d)([!%-?A-Z_a-z\\x22])([!%-?A-Z_a-z\\x22])([!%-?A-Z_a-z\\x22])",true,"7040"],
  ["([!%-?A-Z_a-z\\x22]{1,4})",true,"7041"],
  ["([!%-?A-Z_a-z\\x22]{3,30})",true,"7230-7239"],
  ["(\\d{2})",true,"7241"],
  ["([!%-?A-Z_a-z\\x22]{1,25})",true,"7242 8013-8014 8020"],
  ["(\\d{4}(?:0\\d|1[0-2])(?:[0-2]\\d|3[01]))",true,"7250"],
  ["(\\d{4}(?:0\\d|1[0-2])(?:[0-2]\\d|3[01])(?:[01]\\d|2[0-3])(?:[0-5]\\d))",true,"7251"],
  ["(\\d{1})",true,"7252"],
  ["((?:[!%-?A-Z_a-z\\x22]|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,40})",true,"7253-7254 7259"],
  ["((?:[!%-?A-Z_a-z\\x22]|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,10})",true,"7255"],
  ["((?:[!%-?A-Z_a-z\\x22]|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,90})",true,"7256"],
  ["(\\d[/]\\d)",true,"7258"],
  ["(\\d{4})(\\d{5})(\\d{3})(\\d{1})(\\d{1})",true,"8001"],
  ["(0)(\\d{13})([!%-?A-Z_a-z\\x22]{0,16})",true,"8003"],
  ["(\\d{14})(\\d{4})",true,"8006 8026"],
  ["([!%-?A-Z_a-z\\x22]{1,34})",true,"8007"],
  ["(\\d{2}(?:0\\d|1[0-2])(?:[0-2]\\d|3[01])(?:[01]\\d|2[0-3]))((?:[0-5]\\d)(?:[0-5]\\d)?)?",true,"8008"],
  ["([!%-?A-Z_a-z\\x22]{1,50})",true,"8009"],
  ["([A-Z0-9/#-]{5,30})",true,"8010"],
  ["(\\d{1,12})",true,"8011"],
  ["(\\d{18})",true,"8017-8018"],
  ["(\\d{1,10})",true,"8019"],
  ["([0-9A-Za-z_-]{1,90})",true,"8030"],
  ["(\\d{15})",true,"8040-8041"],
  ["(\\d{32})",true,"8042"],
  ["(\\d{18,20})",true,"8043"],
  ["([!%-?A-Z_a-z\\x22]{1,70})",true,"8110 8112 8200"],
  ["([!%-?A-Z_a-z\\x22]{1,90})",true,"91-99"],
]
