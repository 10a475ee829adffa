"""What event files hold: scalars, texts, and the messages of the HParams plugin."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.types_pb2 import DT_STRING
from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2

from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trials import trial_name
from search_spaces.measures import MEASURES, MeasureName
from search_spaces.parameters import Scalar
from search_spaces.space import ChoiceDomain, SearchedParameter
from study.exporters.study_values import study_summary

FINAL_ACCURACY = "accuracy/final"
FINAL_LOSS = "loss/final"
_ANSWER = "study/answer"


def final_tag(measure: MeasureName) -> str:
    """Return the tag of a trial's value of a measure."""
    return f"{measure}/final"


def scalars(values: Mapping[str, float | None]) -> Summary:
    """Return scalars by tag, without those that have no value."""
    there = {tag: value for tag, value in values.items() if value is not None}
    return Summary(value=[Summary.Value(tag=tag, simple_value=x) for tag, x in there.items()])


def answer(record: StudyRecord) -> Summary:
    """Return the study's answer as a text."""
    metadata_of_text = SummaryMetadata(plugin_data={"plugin_name": "text"})
    content = study_summary(record).encode("utf-8", "replace")
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
    tensor = TensorProto(dtype=DT_STRING, string_val=[content], tensor_shape=shape)
    return Summary(value=[Summary.Value(tag=_ANSWER, metadata=metadata_of_text, tensor=tensor)])


def last_answer(events: Sequence[Event]) -> Summary | None:
    """Return the answer that was written last, None where there is none."""
    found = [
        one.summary for one in events if any(value.tag == _ANSWER for value in one.summary.value)
    ]
    return found[-1] if found else None


def experiment(record: StudyRecord) -> Summary:
    """Return the searched parameters with their domains, and the measures of a trial."""
    measures = {FINAL_ACCURACY: "validation accuracy", FINAL_LOSS: "validation loss"}
    if record.measure != "accuracy":
        own = f"validation {MEASURES[record.measure].title}"
        measures = {final_tag(record.measure): own, **measures}
    found = api_pb2.Experiment(
        description=f"{record.name}: search space {record.space.name}, data {record.data.name}",
        time_created_secs=datetime.fromisoformat(record.created).timestamp(),
        hparam_infos=[_parameter(one) for one in record.space.parameters],
        metric_infos=[
            api_pb2.MetricInfo(name=api_pb2.MetricName(tag=tag), display_name=name)
            for tag, name in measures.items()
        ],
    )
    data = plugin_data_pb2.HParamsPluginData(experiment=found)
    return _of_plugin(metadata.EXPERIMENT_TAG, data)


def session_start(trial: TrialRecord, begun: float, space: Sequence[SearchedParameter]) -> Summary:
    """Return a trial's searched params; `begun` is in seconds since 1970."""
    info = plugin_data_pb2.SessionStartInfo(group_name=trial_name(trial), start_time_secs=begun)
    words = {one.name for one in space if _kind(one) == api_pb2.DATA_TYPE_STRING}
    for name, value in trial.params.items():
        _set(info.hparams[name], str(value) if name in words else value)
    data = plugin_data_pb2.HParamsPluginData(session_start_info=info)
    return _of_plugin(metadata.SESSION_START_INFO_TAG, data)


def session_end(status: int, ended: float) -> Summary:
    """Return how a trial ended, and when in seconds since 1970."""
    info = plugin_data_pb2.SessionEndInfo(status=status, end_time_secs=ended)
    data = plugin_data_pb2.HParamsPluginData(session_end_info=info)
    return _of_plugin(metadata.SESSION_END_INFO_TAG, data)


def is_ended(events: Sequence[Event]) -> bool:
    """Tell whether a trial's end is among the events."""
    tag = metadata.SESSION_END_INFO_TAG
    return any(value.tag == tag for event in events for value in event.summary.value)


def _of_plugin(tag: str, data: plugin_data_pb2.HParamsPluginData) -> Summary:
    of_tag = metadata.create_summary_metadata(data)
    return Summary(
        value=[Summary.Value(tag=tag, metadata=of_tag, tensor=metadata.NULL_TENSOR)],
    )


def _parameter(parameter: SearchedParameter) -> api_pb2.HParamInfo:
    info = api_pb2.HParamInfo(name=parameter.name, type=_kind(parameter))
    domain = parameter.domain
    if isinstance(domain, ChoiceDomain):
        words = info.type == api_pb2.DATA_TYPE_STRING
        for value in domain.values:
            info.domain_discrete.append(str(value) if words else value)
    else:
        info.domain_interval.min_value, info.domain_interval.max_value = domain.low, domain.high
    return info


def _kind(parameter: SearchedParameter) -> int:
    domain = parameter.domain
    values = domain.values if isinstance(domain, ChoiceDomain) else (domain.low,)
    if all(isinstance(value, bool) for value in values):
        return int(api_pb2.DATA_TYPE_BOOL)
    if any(isinstance(value, bool | str) for value in values):
        return int(api_pb2.DATA_TYPE_STRING)
    return int(api_pb2.DATA_TYPE_FLOAT64)


def _set(value_of: Any, value: Scalar) -> None:
    """Set a message of type google.protobuf.Value."""
    if isinstance(value, bool):
        value_of.bool_value = value
    elif isinstance(value, str):
        value_of.string_value = value
    else:
        value_of.number_value = value
