"""Which modules are mutated, and which tests have to notice it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# module -> test files besides the one that mirrors it; those of the caller, where a rule shows only there
OTHER_TESTS: dict[str, tuple[str, ...]] = {
    "money": ("payout/test_shares",),
    "receipts": (),
    "payout.accounts": ("payout/test_listings",),
    "payout.amount_in_words": (),
    "payout.answers": (),
    "payout.batch_digest": (),
    "payout.batches": ("payout/test_limits", "payout/test_holds", "payout/test_outstanding"),
    "payout.checks": (),
    "payout.frozen": (),
    "payout.holds": ("payout/test_accounts",),
    "payout.investment_dues": (),
    "payout.ledger": ("payout/test_outstanding",),
    "payout.limits": (),
    "payout.listings": (),
    "payout.natural_order": ("payout/test_batches", "payout/test_public_notice"),
    "payout.obligations": ("payout/test_holds", "payout/test_outstanding", "payout/test_shares"),
    "payout.officer_dues": (),
    "payout.outstanding": ("payout/test_batches", "payout/test_shares"),
    "payout.past": ("payout/test_frozen", "payout/test_listings", "payout/test_outstanding"),
    "payout.payee_numbers": (),
    "payout.payees": ("payout/test_obligations",),
    "payout.public_notice": (),
    "payout.placing": ("payout/test_checks", "payout/test_batches"),
    "payout.recoveries": ("payout/test_outstanding",),
    "payout.stretches": ("payout/test_batches",),
    "payout.shares": ("payout/test_obligations",),
    "payout.wording": ("payout/test_batches", "payout/test_obligations"),
}


def source_of(module: str) -> Path:
    """The file of a module that is named as in `OTHER_TESTS`."""
    return ROOT / "transforms" / (module.replace(".", "/") + ".py")


def tests_of(module: str) -> list[str]:
    """The test files that run against the mutants of a module, its mirror first if it has one."""
    folder, _, name = f"transforms/{module.replace('.', '/')}".rpartition("/")
    mirror = f"tests/{folder}/test_{name}.py"
    others = [f"tests/transforms/{test}.py" for test in OTHER_TESTS[module]]
    return [mirror, *others] if (ROOT / mirror).is_file() else others
