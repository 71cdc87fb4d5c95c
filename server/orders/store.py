"""Tables of the orders."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.orders.model import PROGRESS, ChannelSettings, Order, OrderLine, Return, Shipment, State


class OrderTable(Table, tablename="orders"):
    """Orders."""

    id = Text(primary_key=True)
    channel = Text()
    external_id = Text(index=True)
    revision = Text()
    name = Text(index=True)
    placed_at = BigInt()
    currency = Text()
    customer = Text(index=True)
    address = Text(null=True)
    payment = Text()
    total = BigInt()
    note = Text()
    priority = BigInt()
    shipping_method = Text()
    state = Text()
    tally = Text()
    reason = Text()
    version = BigInt()
    created_at = BigInt()


class OrderLineTable(Table, tablename="order_line"):
    """Lines; a split line is two rows."""

    id = Text(primary_key=True)
    order = Text(index=True)
    number = BigInt()
    external_id = Text()
    code = Text(index=True)
    sku = Text()
    description = Text()
    quantity = BigInt()
    unit_price = BigInt()
    goods = Boolean()
    state = Text(index=True)
    shipment = Text(index=True)
    reason = Text()


class ShipmentTable(Table, tablename="shipment"):
    """Shipments."""

    id = Text(primary_key=True)
    order = Text(index=True)
    site = Text()
    carrier = Text()
    cut_off = BigInt()
    priority = BigInt()
    state = Text()
    tally = Text()
    wave = Text(index=True)
    tracking = Text()
    version = BigInt()


class ReturnTable(Table, tablename="order_return"):
    """What channels sent back: lines for the returns station."""

    id = Text(primary_key=True)
    channel = Text()
    external_id = Text(index=True)
    name = Text()
    at = BigInt()
    kind = Text()
    code = Text()
    description = Text()
    quantity = BigInt()
    unit_price = BigInt()


class ChannelTable(Table, tablename="channel"):
    """Settings of channels."""

    id = Text(primary_key=True)
    kind = Text()
    secret = Text(secret=True)
    url = Text()
    active = Boolean()
    pushed = BigInt()


ORDERS = Rows(OrderTable, Order)
LINES = Rows(OrderLineTable, OrderLine)
SHIPMENTS = Rows(ShipmentTable, Shipment)
RETURNS = Rows(ReturnTable, Return)
SETTINGS = Rows(ChannelTable, ChannelSettings)

INDEXES = (
    'CREATE INDEX "order_line_sku_state" ON "order_line" ("sku", "state")',
    'CREATE INDEX "orders_placed_at_id" ON "orders" ("placed_at", "id")',
    'CREATE INDEX "orders_state_placed_at_id" ON "orders" ("state", "placed_at", "id")',
    'CREATE INDEX "orders_channel_placed_at_id" ON "orders" ("channel", "placed_at", "id")',
    """CREATE INDEX "orders_held" ON "orders" ("id") WHERE "reason" <> ''""",
    'CREATE INDEX "shipment_state_cut_off" ON "shipment" ("state", "cut_off", "order")',
)
"""Who waits for a SKU is asked without reading who ever had it; the office turns pages of orders, whatever it asks."""
WAITS_FOR = "SELECT 1 FROM order_line WHERE sku = ? AND state = 'back_ordered' LIMIT 1"
"""Whether any line waits for a SKU."""

OPEN = "(" + ", ".join(f"'{state}'" for state in PROGRESS if state is not State.SHIPPED) + ")"
LIST = f"""
SELECT o.id, o.channel, o.name, o.placed_at, o.state, o.payment, o.total, o.currency, o.reason,
       coalesce(c.name, '') AS customer,
       (SELECT count(*) FROM order_line l WHERE l."order" = o.id AND l.goods) AS lines,
       coalesce((SELECT min(CASE WHEN s.state IN {OPEN} THEN s.cut_off END) FROM shipment s
                 WHERE s."order" = o.id), 0) AS cut_off
FROM orders o LEFT JOIN customer c ON c.id = o.customer
"""
NEWEST_FIRST = "ORDER BY o.placed_at DESC, o.id DESC LIMIT ?"
EXACT = "o.id IN (SELECT id FROM orders WHERE name = ? UNION ALL SELECT id FROM orders WHERE external_id = ?)"
PART = """(o.name LIKE ? ESCAPE '\\'
    OR coalesce(o.customer, '') IN (SELECT id FROM customer WHERE name LIKE ? ESCAPE '\\'))"""
"""`coalesce` keeps the walk from the newest on: who has a thousand orders is found as soon as who has one."""
LATE = f'o.id IN (SELECT s."order" FROM shipment s WHERE s.state IN {OPEN} AND s.cut_off < ?)'
HELD = "o.id IN (SELECT id FROM orders WHERE state = 'on_hold' UNION ALL SELECT id FROM orders WHERE reason <> '')"
AT_SITE = '(SELECT count(*) FROM shipment s WHERE s."order" = o.id AND s.site = ?) > 0'
BEFORE = "(o.placed_at, o.id) < (?, ?)"
CHANNELS = "SELECT DISTINCT channel FROM orders ORDER BY channel"
