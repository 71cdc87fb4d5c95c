"""What a parcel should weigh, how sure that is, and what a wrong reading most likely means.

Unit weights and their spreads are milligrams (mg), readings of a scale are grams (g). Variances of what
lies in one parcel add, so the spread of n equal items grows with the root of n.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isqrt, log

import msgspec

MG = 1_000
"""Milligrams in a gram."""


class Content(msgspec.Struct, frozen=True):
    """Some units of one SKU: mean and standard deviation of one unit, in mg.

    `mean_sd_mg` is how unsure the mean itself is (see `Learnt.mean_sd_mg`): that error is the same in every
    unit, so it grows with n, not with its root.
    """

    sku: str
    quantity: int
    unit_mg: int
    unit_sd_mg: int = 0
    mean_sd_mg: int = 0


class Package(msgspec.Struct, frozen=True):
    """The carton and what fills it: mean and standard deviation, in mg."""

    carton_mg: int = 0
    carton_sd_mg: int = 0
    filler_mg: int = 0
    filler_sd_mg: int = 0


class Policy(msgspec.Struct, frozen=True):
    """How far a reading may be off.

    `floor_g` and `per_mille` (of the expected weight) allow for tape, damp and a scale out of true;
    `sigmas` standard deviations for the spread of the goods: 2.6 block 0.9 % of right parcels.
    `scale_sd_mg` is the scale's own spread.
    """

    floor_g: int = 5
    per_mille: int = 5
    sigmas: float = 2.6
    scale_sd_mg: int = 1_000


class Expected(msgspec.Struct, frozen=True):
    """Expected weight in mg, its variance in mg squared, and the lightest unit inside (0 = none)."""

    mg: int
    variance: int
    lightest_mg: int = 0

    @property
    def grams(self) -> int:
        """The expected reading of the scale, in g."""
        return (self.mg + MG // 2) // MG

    @property
    def sd_mg(self) -> int:
        """The standard deviation in mg."""
        return isqrt(self.variance)


class Cause(msgspec.Struct, frozen=True):
    """What most likely happened: `kind` one_more, one_less, swap or unknown.

    `sku` is the one too many or missing; for a swap the one inside by mistake, and `instead_of` the one
    that should be. `delta_g` is what that would change the reading by.
    """

    kind: str
    sku: str = ""
    instead_of: str = ""
    delta_g: int = 0


class Verdict(msgspec.Struct, frozen=True):
    """A reading judged: g each; `cause` is None where it is accepted."""

    accepted: bool
    reading_g: int
    expected_g: int
    tolerance_g: int
    difference_g: int
    cause: Cause | None = None


def expected(contents: Iterable[Content], package: Package, policy: Policy) -> Expected:
    """Add up means and variances of goods, carton, filler and the scale itself."""
    inside = [content for content in contents if content.quantity > 0]
    goods = sum(content.quantity * content.unit_mg for content in inside)
    spread = sum(content.quantity * content.unit_sd_mg**2 for content in inside)
    unsure = sum((content.quantity * content.mean_sd_mg) ** 2 for content in inside)
    around = package.carton_sd_mg**2 + package.filler_sd_mg**2 + policy.scale_sd_mg**2
    lightest = min((content.unit_mg for content in inside if content.unit_mg > 0), default=0)
    return Expected(goods + package.carton_mg + package.filler_mg, spread + unsure + around, lightest)


def tolerance_mg(parcel: Expected, policy: Policy) -> int:
    """Give how far the reading may be off, in mg.

    Floor and relative part end at half the lightest unit, so that one more or one less of anything is seen;
    the spread of the goods is never cut, or right parcels would be blocked.
    """
    allowance = max(policy.floor_g * MG, parcel.mg * policy.per_mille // 1_000)
    narrowed = min(allowance, parcel.lightest_mg // 2) if parcel.lightest_mg else allowance
    return max(narrowed, round(policy.sigmas * parcel.sd_mg), MG)


def judge(
    reading_g: int,
    contents: Sequence[Content],
    package: Package,
    policy: Policy,
    others: Iterable[Content] = (),
) -> Verdict:
    """Weigh a parcel against what should be inside; `others` are SKUs that could be inside by mistake."""
    parcel = expected(contents, package, policy)
    allowed = tolerance_mg(parcel, policy)
    off = reading_g * MG - parcel.mg
    accepted = abs(off) <= allowed
    cause = None if accepted else likeliest(off, parcel, contents, others)
    return Verdict(accepted, reading_g, parcel.grams, -(-allowed // MG), reading_g - parcel.grams, cause)


ODDS = {"one_more": 1.0, "one_less": 1.0, "swap": 0.25}
"""How often a packer errs in each way, against one another."""
BELIEVABLE = 3
"""Standard deviations beyond which a cause does not explain a reading."""


def likeliest(off_mg: int, parcel: Expected, contents: Sequence[Content], others: Iterable[Content] = ()) -> Cause:
    """Say which single mistake explains a reading `off_mg` from the expected; `unknown` where none does.

    Each cause is scored by how well it fits within its own spread and by how often packers err that way.
    """
    inside = [content for content in contents if content.quantity > 0]
    fits = [
        (_misfit(off_mg, delta, parcel.variance + spread, ODDS[cause.kind]), cause)
        for cause, delta, spread in _causes(inside, [*inside, *others])
        if (off_mg - delta) ** 2 <= BELIEVABLE**2 * (parcel.variance + spread)
    ]
    return min(fits, key=lambda fit: fit[0])[1] if fits else Cause("unknown", delta_g=_grams(off_mg))


def _misfit(off_mg: int, delta_mg: int, variance: int, odds: float) -> float:
    """Give minus twice the log likelihood of a cause, less what all have in common."""
    spread = max(variance, 1)
    return (off_mg - delta_mg) ** 2 / spread + log(spread) - 2 * log(odds)


def _causes(inside: Sequence[Content], known: Sequence[Content]) -> Iterable[tuple[Cause, int, int]]:
    """List every single mistake with its change of weight (mg) and of variance (mg squared)."""
    for content in inside:
        change, spread = content.unit_mg, content.unit_sd_mg**2
        yield Cause("one_more", content.sku, delta_g=_grams(change)), change, spread
        yield Cause("one_less", content.sku, delta_g=_grams(-change)), -change, -spread
        for other in known:
            if other.sku != content.sku:
                swapped = other.unit_mg - change
                cause = Cause("swap", other.sku, content.sku, _grams(swapped))
                yield cause, swapped, other.unit_sd_mg**2 - spread


def _grams(mg: int) -> int:
    """Round mg to whole g, halves away from zero."""
    whole = (abs(mg) + MG // 2) // MG
    return -whole if mg < 0 else whole


class Learnt(msgspec.Struct, frozen=True):
    """A unit weight as learnt from readings.

    `m2` is the sum of squared deviations, weighted by units, in mg squared.
    """

    units: int = 0
    samples: int = 0
    mean_mg: float = 0.0
    m2: float = 0.0

    @property
    def unit_mg(self) -> int:
        """The mean weight of one unit, in mg."""
        return round(self.mean_mg)

    @property
    def unit_sd_mg(self) -> int:
        """The standard deviation of one unit in mg; 0 before the second sample."""
        return round((self.m2 / (self.samples - 1)) ** 0.5) if self.samples > 1 else 0

    @property
    def mean_sd_mg(self) -> int:
        """How unsure the mean is, in mg: the standard deviation over the root of the units weighed."""
        return round(self.unit_sd_mg / self.units**0.5) if self.units else 0


def learn(known: Learnt, goods_mg: int, units: int) -> Learnt:
    """Take in that `units` of one SKU weighed `goods_mg` together (Welford; a mean of n weighs n)."""
    if units < 1:
        return known
    total = known.units + units
    step = goods_mg / units - known.mean_mg
    mean = known.mean_mg + step * units / total
    return Learnt(total, known.samples + 1, mean, known.m2 + units * step * (goods_mg / units - mean))
