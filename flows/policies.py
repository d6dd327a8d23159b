"""Reads the policy files: strictly, exactly, and with a digest of all that was read."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from flows.errors import OperatorError
from schemas.compensation_policy import COMPENSATION_NAMES
from schemas.envoy_policy import ENVOY_NAMES
from schemas.incentive_policy import INCENTIVE_NAMES
from schemas.officer_policy import OFFICER_NAMES
from schemas.payout_policy import PAYOUT_NAMES
from schemas.policies import POLICY_DOCUMENTS
from schemas.policy import Parameter, PolicyFile
from schemas.policy_names import PolicyNames
from schemas.reward_policy import REWARD_NAMES
from transforms.policy import Policy

_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]{1,4})?")
"""As the engine computes: to four decimals, without exponent."""


class PolicyError(OperatorError):
    """A policy file is missing, can't be read or is not complete; the message names file and place."""


@dataclass(frozen=True)
class Policies:
    """The policies of one run and the SHA-256 over all their files."""

    compensation: Policy
    envoys: Policy
    rewards: Policy
    incentives: Policy
    officers: Policy
    payouts: Policy
    digest: str

    def all(self) -> tuple[Policy, ...]:
        """Every policy, in the order of the documents."""
        return (
            self.compensation,
            self.envoys,
            self.rewards,
            self.incentives,
            self.officers,
            self.payouts,
        )


class _ExactLoader(yaml.CSafeLoader):
    """YAML with decimals instead of floats, and without repeated keys; parsed in C, ten times as fast."""


def _decimal(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Decimal:
    text = str(loader.construct_scalar(node))
    if not _PLAIN_NUMBER.fullmatch(text):
        problem = f"{text} is not a plain decimal number"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    return Decimal(text)


def _mapping(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> dict[str, Any]:
    keys = [key.value for key, _ in node.value]
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        problem = f"repeated keys: {', '.join(repeated)}"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    return {str(key): value for key, value in loader.construct_mapping(node, deep=True).items()}


def _sequence(loader: yaml.CSafeLoader, node: yaml.SequenceNode) -> tuple[Any, ...]:
    return tuple(loader.construct_sequence(node, deep=True))


_ExactLoader.add_constructor("tag:yaml.org,2002:int", _decimal)
_ExactLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
_ExactLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
_ExactLoader.add_constructor("tag:yaml.org,2002:seq", _sequence)


def load_policies(folder: Path) -> Policies:
    """All policies in a folder. Raises `PolicyError` when one is missing or not in order."""
    loaded, digest = {}, hashlib.sha256()
    for names in POLICY_DOCUMENTS:
        path = folder / f"{names.policy}.yaml"
        content = load_policy_file(path)
        _require_names(path, content, names)
        loaded[names.policy] = Policy(content)
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return Policies(
        compensation=loaded[COMPENSATION_NAMES.policy],
        envoys=loaded[ENVOY_NAMES.policy],
        rewards=loaded[REWARD_NAMES.policy],
        incentives=loaded[INCENTIVE_NAMES.policy],
        officers=loaded[OFFICER_NAMES.policy],
        payouts=loaded[PAYOUT_NAMES.policy],
        digest=digest.hexdigest(),
    )


def load_policy_file(path: Path) -> PolicyFile:
    """One policy file. Raises `PolicyError` when it can't be read or breaks the model."""
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_ExactLoader)  # noqa: S506 a SafeLoader
        return PolicyFile.model_validate(content)
    except FileNotFoundError as error:
        message = f"policy file {path} does not exist; restore it or give its folder with --policies"
        raise PolicyError(message) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = f"policy file {path} is not valid YAML: {error}"
        raise PolicyError(message) from error
    except ValidationError as error:
        places = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        )
        message = f"policy file {path} is not in order: {places}"
        raise PolicyError(message) from error


def _value_problems(name: str, parameter: Parameter, names: PolicyNames) -> list[str]:
    kind = date if name in names.days else tuple if name in names.lists else Decimal
    wanted = {date: "a day", tuple: "a list", Decimal: "a number"}[kind]
    values = [entry.value for entry in parameter.values]
    problems = [f"the value must be {wanted}" for value in values if not isinstance(value, kind)]
    return problems + [
        "the value must not be below zero" for value in values if isinstance(value, Decimal) and value < 0
    ]


def _require_names(path: Path, policy: PolicyFile, names: PolicyNames) -> None:
    problems = [] if policy.policy == names.policy else [f"policy: it must be {names.policy}"]
    for kind, present, needed in (
        ("parameters", set(policy.parameters), {str(name) for name in names.parameters}),
        ("readings", set(policy.readings), {str(name) for name in names.readings}),
    ):
        problems += [f"{kind}: {name} is missing" for name in sorted(needed - present)]
        problems += [f"{kind}: {name} is unknown" for name in sorted(present - needed)]
    problems += [
        f"reviews: {article} is no article that waits for a review"
        for article in sorted({review.article for review in policy.reviews} - names.reviewed_articles)
    ]
    problems += [
        f"readings.{name}: the choices must be {', '.join(sorted(choices))}"
        for name, choices in names.readings.items()
        if name in policy.readings and set(policy.readings[name].choices) != choices
    ]
    problems += [
        f"parameters.{name}: {problem}"
        for name in names.parameters
        if name in policy.parameters
        for problem in _value_problems(name, policy.parameters[name], names)
    ]
    if problems:
        message = f"policy file {path} is not in order: {'; '.join(problems)}"
        raise PolicyError(message)
