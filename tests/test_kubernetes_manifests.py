"""The Kubernetes manifests: valid for a named version, and right in what no schema can check."""

import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from distributed.cli import dask_scheduler, dask_worker

from study.cli import cli
from study.executors.cluster.cluster_file import Joined, Launched, Tls, parse_cluster, read_cluster
from study.executors.cluster.safety import check_address

FOLDER = Path(__file__).parent.parent / "examples" / "kubernetes"
VERSION = "1.33"
TLS = "/etc/dask-tls"
SCRATCH = "/tmp"  # noqa: S108 a folder of the pod, and empty
PEM_FILES = {"ca_file": f"{TLS}/ca.pem", "cert": f"{TLS}/cert.pem", "key": f"{TLS}/key.pem"}
# What dask_kubernetes.operator.KubeCluster 2026.3.0 takes; it is not installed here.
KUBE_CLUSTER_OPTIONS = frozenset(
    [
        "name",
        "namespace",
        "image",
        "n_workers",
        "resources",
        "env",
        "worker_command",
        "port_forward_cluster_ip",
        "create_mode",
        "shutdown_on_close",
        "idle_timeout",
        "resource_timeout",
        "scheduler_service_type",
        "custom_cluster_spec",
        "scheduler_forward_port",
        "jupyter",
        "quiet",
    ]
)
Manifest = dict[str, Any]


def read(path: Path) -> list[Manifest]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def custom_pieces() -> list[Manifest]:
    """Return what the operator makes of its cluster, as resources that have a schema."""
    (cluster,) = read(FOLDER / "operator" / "daskcluster.yaml")
    name, spec = cluster["metadata"]["name"], cluster["spec"]
    pieces = [("Pod", spec["scheduler"]["spec"]), ("Pod", spec["worker"]["spec"])]
    pieces.append(("Service", spec["scheduler"]["service"]))
    return [
        {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "spec": piece}
        for kind, piece in pieces
    ]


PLAIN = [manifest for path in sorted(FOLDER.glob("*.yaml")) for manifest in read(path)]
OPERATOR = read(FOLDER / "operator" / "network.yaml") + custom_pieces()
BY_NAME = {(one["kind"], one["metadata"]["name"]): one for one in PLAIN}
SCHEDULER = BY_NAME["Deployment", "dense-study-scheduler"]
WORKERS = BY_NAME["Deployment", "dense-study-workers"]
STUDY = BY_NAME["Job", "dense-study-four"]
WITH_PODS = [SCHEDULER, WORKERS, STUDY]


def pod(manifest: Manifest) -> Manifest:
    """Return the pod's spec that a resource holds."""
    spec: Manifest = manifest["spec"]
    return spec if manifest["kind"] == "Pod" else spec["template"]["spec"]


def container(manifest: Manifest) -> Manifest:
    (only,) = pod(manifest)["containers"]
    return dict(only)


def words(manifest: Manifest) -> list[str]:
    """Return the command that a pod runs."""
    return [*container(manifest).get("command", []), *container(manifest).get("args", [])]


@pytest.fixture
def with_files(tmp_path: Path):
    """Put files that exist into a command in place of those that a pod mounts."""

    def replaced(command: list[str]) -> list[str]:
        for name in ("ca.pem", "cert.pem", "key.pem"):
            (tmp_path / name).touch()
        return [word.replace(TLS, str(tmp_path)) for word in command]

    return replaced


def name_of(manifest: Manifest) -> str:
    return f"{manifest['kind']} {manifest['metadata']['name']}"


@pytest.mark.parametrize("manifest", PLAIN + OPERATOR, ids=name_of)
def test_every_manifest_holds_to_the_schema(manifest: Manifest) -> None:
    assert kubernetes_validate.validate(manifest, VERSION, strict=True) == VERSION


def test_the_schema_finds_a_misspelled_field() -> None:
    wrong = {**SCHEDULER, "spec": {**SCHEDULER["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError, match="replica"):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


def test_all_pods_run_one_image_since_versions_must_agree() -> None:
    images = {container(one)["image"] for one in [*WITH_PODS, *custom_pieces()[:2]]}
    project = tomllib.loads((FOLDER.parents[1] / "pyproject.toml").read_text())["project"]
    assert images == {f"registry.example.org/dense-study:{project['version']}"}
    assert f"--tag {images.pop()} ." in (FOLDER / "Dockerfile").read_text()


@pytest.mark.parametrize("manifest", [SCHEDULER, WORKERS], ids=name_of)
def test_a_deployment_selects_its_own_pods(manifest: Manifest) -> None:
    labels = manifest["spec"]["template"]["metadata"]["labels"]
    assert manifest["spec"]["selector"]["matchLabels"] == labels
    assert labels == manifest["metadata"]["labels"]


def test_the_service_leads_to_the_scheduler_and_to_it_alone() -> None:
    service = BY_NAME["Service", "dense-study-scheduler"]["spec"]
    chosen = [
        name_of(one)
        for one in WITH_PODS
        if service["selector"].items() <= one["spec"]["template"]["metadata"]["labels"].items()
    ]
    assert chosen == ["Deployment dense-study-scheduler"]
    (port,) = service["ports"]
    ports = {one["name"]: one["containerPort"] for one in container(SCHEDULER)["ports"]}
    assert port["port"] == ports[port["targetPort"]] == 8786
    assert "--port=8786" in words(SCHEDULER)


def test_the_network_policy_covers_every_pod_and_lets_each_in() -> None:
    policy = BY_NAME["NetworkPolicy", "dense-study"]["spec"]
    (source,) = policy["ingress"][0]["from"]
    assert policy["podSelector"] == source["podSelector"]
    chosen = policy["podSelector"]["matchLabels"].items()
    assert all(chosen <= one["spec"]["template"]["metadata"]["labels"].items() for one in WITH_PODS)


def test_the_scheduler_and_workers_are_commands_of_this_dask(with_files, tmp_path: Path) -> None:
    pems = {f"tls_{name}": str(tmp_path / f"{name}.pem") for name in ("cert", "key")}
    pems["tls_ca_file"] = str(tmp_path / "ca.pem")
    for manifest, main in ((SCHEDULER, dask_scheduler.main), (WORKERS, dask_worker.main)):
        dask, name, *options = with_files(words(manifest))
        assert [dask, name] == ["dask", main.name]
        found = main.make_context(name, options).params
        assert found["protocol"] == "tls"
        assert pems.items() <= found.items()
        assert found["preload_argv"] == (), "nothing is taken for an argument of something else"
        assert found["dashboard_address"].startswith("127.0.0.1:"), "HTTP is not encrypted"
        probe = container(manifest)["livenessProbe"]["exec"]["command"][-1]
        assert f"http://{found['dashboard_address']}/health" in probe


def test_workers_meet_at_the_service() -> None:
    found = dask_worker.main.make_context(
        "worker", [word for word in words(WORKERS)[2:] if not word.startswith("--tls-")]
    ).params
    assert found["scheduler"] == "tls://dense-study-scheduler:8786"
    assert found["local_directory"] in mounts(WORKERS)
    assert found["name"] == f"$({container(WORKERS)['env'][0]['name']})"


def test_the_study_joins_the_scheduler_with_its_certificates() -> None:
    program, name, *options = words(STUDY)
    assert program == "dense-study"
    run = cli.get_command(cli.make_context("dense-study", ["run"]), name)
    assert run is not None
    found = run.make_context(name, options).params
    assert not found["insecure_cluster"]
    assert str(found["runs_dir"]) in mounts(STUDY)
    folder, _, file = found["cluster"].rpartition("/")
    (volume,) = (one for one in volumes(STUDY) if one["name"] == mounts(STUDY)[folder])
    text = BY_NAME["ConfigMap", volume["configMap"]["name"]]["data"][file]
    cluster = parse_cluster(text, file)
    assert cluster == Joined(file, "tls://dense-study-scheduler:8786", Tls(**PEM_FILES))
    check_address(cluster.address, allow_insecure=False)


def mounts(manifest: Manifest) -> dict[str, str]:
    """Return where a pod mounts which volume."""
    return {one["mountPath"]: one["name"] for one in container(manifest)["volumeMounts"]}


def volumes(manifest: Manifest) -> list[Manifest]:
    return list(pod(manifest)["volumes"])


@pytest.mark.parametrize("manifest", WITH_PODS, ids=name_of)
def test_the_certificates_come_from_the_secret(manifest: Manifest) -> None:
    (volume,) = (one for one in volumes(manifest) if one["name"] == mounts(manifest)[TLS])
    assert volume["secret"] == {"secretName": "dense-study-tls", "defaultMode": 0o440}
    group = pod(manifest)["securityContext"]["fsGroup"]
    assert group == pod(manifest)["securityContext"]["runAsGroup"], "who may read the key"


def test_runs_outlive_the_coordinators_pod() -> None:
    (volume,) = (one for one in volumes(STUDY) if one["name"] == mounts(STUDY)["/runs"])
    assert ("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]) in BY_NAME


@pytest.mark.parametrize("manifest", [*WITH_PODS, *custom_pieces()[:2]], ids=name_of)
def test_no_pod_has_more_rights_than_it_needs(manifest: Manifest) -> None:
    spec, only = pod(manifest), container(manifest)
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["securityContext"]["runAsUser"] > 0
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not spec["automountServiceAccountToken"]
    assert only["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(only["resources"]["requests"]) == {"cpu", "memory"}
    assert "memory" in only["resources"]["limits"]
    named = {one["name"] for one in spec["volumes"]}
    assert named == {one["name"] for one in only["volumeMounts"]}
    assert mounts(manifest)[SCRATCH] == "scratch", "what libraries write goes there"


def test_the_operators_cluster_is_named_by_a_file_that_says_what_it_lacks() -> None:
    path = FOLDER / "operator" / "kubecluster.toml"
    cluster = read_cluster(str(path))
    assert isinstance(cluster, Launched)
    assert cluster.class_name == "dask_kubernetes.operator.KubeCluster"
    assert cluster.options.keys() <= KUBE_CLUSTER_OPTIONS
    assert (FOLDER.parent.parent / cluster.options["custom_cluster_spec"]).is_file()
    assert "--insecure-cluster" in path.read_text()


def test_the_operators_commands_are_commands_of_this_dask() -> None:
    scheduler, worker, service = custom_pieces()
    dask, name, *options = words(scheduler)
    assert dask_scheduler.main.make_context(name, options).params["port"] == "8786"
    ports = {one["name"]: one["containerPort"] for one in container(scheduler)["ports"]}
    assert ports == {"tcp-comm": 8786, "http-dashboard": 8787}
    assert {one["targetPort"]: one["port"] for one in service["spec"]["ports"]} == ports
    assert dask == "dask"
    dask, name, *options = words(worker)
    assert dask == "dask"
    assert dask_worker.main.make_context(name, options).params["nthreads"] == 2


def test_the_operators_network_policy_is_for_its_cluster() -> None:
    (policy,) = read(FOLDER / "operator" / "network.yaml")
    (cluster,) = read(FOLDER / "operator" / "daskcluster.yaml")
    name = cluster["metadata"]["name"]
    assert policy["spec"]["podSelector"]["matchLabels"] == {"dask.org/cluster-name": name}
    assert cluster["spec"]["scheduler"]["service"]["selector"]["dask.org/cluster-name"] == name
