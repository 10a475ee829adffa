import json
from dataclasses import replace
from pathlib import Path

import pytest

from search_spaces.faults import FaultError
from study.bundle.files import file_faults, hash_files
from study.bundle.manifest import MANIFEST, Claim, Manifest, read_manifest, render_manifest
from study.data.columns import Column
from study.data.values import About

CLAIM = Claim(0.9, "test", 360, 7, None, None, 0.85, 0.95, "why")
PLAIN = Manifest(
    form=1,
    study="first",
    candidate="trial 3",
    created="2026-01-01T00:00:00+00:00",
    seed=7,
    weights_hash="a" * 64,
    about=About("digits", (8, 8), ("0", "ü\u2028", '"'), 16.0, "f" * 64, 360),
    features=64,
    train_n=1437,
    bright_background=False,
    claim=CLAIM,
    ledger_chain=None,
    versions={"keras": "3"},
    machine="here",
    files={},
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text("width = 3\n")
    (tmp_path / "saved_model").mkdir()
    (tmp_path / "saved_model" / "graph.pb").write_bytes(bytes(range(60)))
    manifest = replace(PLAIN, files=hash_files(tmp_path))
    (tmp_path / MANIFEST).write_bytes(render_manifest(manifest))
    return tmp_path


def _refusal(bundle: Path) -> str:
    with pytest.raises(FaultError) as error:
        read_manifest(bundle)
    return str(error.value).replace(str(bundle), "HERE")


def test_a_manifest_comes_back_whole(bundle: Path) -> None:
    manifest = read_manifest(bundle)

    assert replace(manifest, files={}) == PLAIN
    assert list(manifest.files) == ["config.toml", "saved_model/graph.pb"]
    assert file_faults(bundle, manifest) == []


def test_a_claim_names_a_measure_where_that_is_no_accuracy(bundle: Path) -> None:
    assert {"measure", "value"}.isdisjoint(json.loads((bundle / MANIFEST).read_bytes())["claim"])
    manifest = replace(PLAIN, claim=replace(CLAIM, measure="log_loss", value=0.5))
    (bundle / MANIFEST).write_bytes(render_manifest(manifest))
    assert read_manifest(bundle).claim == manifest.claim


def test_a_temperature_comes_back_and_a_bundle_without_one_does_not_name_it(bundle: Path) -> None:
    assert "temperature" not in json.loads((bundle / MANIFEST).read_bytes())
    manifest = replace(PLAIN, temperature=1.3241)
    (bundle / MANIFEST).write_bytes(render_manifest(manifest))
    assert read_manifest(bundle) == manifest
    impossible = replace(PLAIN, temperature=0.0)
    (bundle / MANIFEST).write_bytes(render_manifest(impossible))
    assert _refusal(bundle) == "HERE/manifest.json: damaged: it is no manifest"


def test_the_columns_of_a_table_come_back_and_images_have_none(bundle: Path) -> None:
    assert "columns" not in json.loads((bundle / MANIFEST).read_bytes())["about"]
    columns = (Column("age", None), Column("city", ("Bern", "Ulm")))
    columns += (Column("day (year)", None, "day", "year"),)
    table = replace(PLAIN, about=replace(PLAIN.about, columns=columns))
    (bundle / MANIFEST).write_bytes(render_manifest(table))
    assert read_manifest(bundle) == table


@pytest.mark.slow
def test_every_single_byte_of_the_manifest_counts(bundle: Path) -> None:
    path = bundle / MANIFEST
    content = path.read_bytes()
    for place in range(len(content)):
        for change in (1, 0x20):
            changed = bytearray(content)
            changed[place] ^= change
            path.write_bytes(bytes(changed))
            assert _refusal(bundle).startswith("HERE/manifest.json: damaged")
    for shorter in (content[:-1], content + b"\n", b"", b"[]", b"1", b"null", b'{"a": 1}'):
        path.write_bytes(shorter)
        assert _refusal(bundle).startswith("HERE/manifest.json: damaged")


def test_every_single_byte_of_every_other_file_counts(bundle: Path) -> None:
    manifest = read_manifest(bundle)
    for name in manifest.files:
        content = (bundle / name).read_bytes()
        for place in range(len(content)):
            changed = bytearray(content)
            changed[place] ^= 1
            (bundle / name).write_bytes(bytes(changed))
            (fault,) = file_faults(bundle, manifest)
            assert (fault.where, fault.what) == (str(bundle / name), "changed")
        (bundle / name).write_bytes(content)
    assert file_faults(bundle, manifest) == []


def test_missing_and_added_files_and_links_are_named(bundle: Path) -> None:
    manifest = read_manifest(bundle)
    (bundle / "config.toml").rename(bundle / "renamed.toml")
    (bundle / "saved_model" / "extra").write_text("")
    (bundle / "link").symlink_to("/etc/hostname")

    found = [str(fault).replace(str(bundle), "HERE") for fault in file_faults(bundle, manifest)]

    assert found == [
        "HERE/link: not a regular file; allowed: no links in a bundle",
        "HERE/renamed.toml: not in the manifest",
        "HERE/saved_model/extra: not in the manifest",
        "HERE/config.toml: missing",
    ]


def test_a_manifest_cannot_point_outside_its_bundle(bundle: Path) -> None:
    outside = bundle.parent / "outside"
    outside.write_text("secret")
    for name in ("../outside", str(outside)):
        manifest = replace(PLAIN, files={name: "0" * 64})
        faults = [one for one in file_faults(bundle, manifest) if one.what == "missing"]
        assert len(faults) == 1


def test_what_is_no_manifest_is_reported(bundle: Path) -> None:
    content = json.loads((bundle / MANIFEST).read_bytes())
    (bundle / MANIFEST).write_text(json.dumps(content))
    assert _refusal(bundle) == "HERE/manifest.json: damaged: it differs from what was written"
    (bundle / MANIFEST).unlink()
    absent = "HERE/manifest.json: no manifest; allowed: a bundle written by `dense-study export`"
    assert _refusal(bundle) == absent
    (bundle / MANIFEST).symlink_to("config.toml")
    assert _refusal(bundle) == absent
