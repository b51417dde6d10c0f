"""What the REST calls answer, as the OpenAPI page describes it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from nocode_classifier.predict.predictor import TOO_CLOSE, UNLIKE, Answer


class Plain(BaseModel):
    """Nothing beside what is described."""

    model_config = ConfigDict(extra="forbid")


class Prediction(Plain):
    """How likely one class is."""

    label: str = Field(description="name of the class")
    probability: float = Field(ge=0, le=1, description="all of them add up to 1")


class Answered(Plain):
    """What the classifier says about one photo."""

    guess: str = Field(description="the likeliest class")
    sure: bool = Field(description="false: it may be none of these; `why` says more")
    why: str | None = Field(description=f'"{TOO_CLOSE}" or "{UNLIKE}"; null where it is sure')
    hint: str | None = Field(description="a remark that goes with the guess")
    predictions: list[Prediction] = Field(description="all classes, the likeliest first")


class AnsweredFile(Answered):
    """The answer about one of several files."""

    name: str = Field(description="of the file, as it was sent")


class RefusedFile(Plain):
    """Why one of several files was not answered."""

    name: str
    error: str = Field(description="a sentence that says what is wrong and what to do")


class Batch(Plain):
    """What became of several files, in the order in which they were sent."""

    answers: list[AnsweredFile | RefusedFile]


class Refusal(Plain):
    """Why a request was not answered."""

    error: str = Field(description="a sentence that says what is wrong and what to do")


class Health(Plain):
    """Which classifier this is."""

    status: str = Field(description='"ok"')
    name: str
    classes: list[str]
    version: str = Field(description="of nocode-classifier")


def answered(answer: Answer) -> dict[str, Any]:
    """An answer as it is sent."""
    return {
        "guess": answer.label,
        "sure": answer.sure,
        "why": answer.why,
        "hint": answer.hint,
        "predictions": [
            {"label": label, "probability": probability}
            for label, probability in answer.probabilities.items()
        ],
    }
