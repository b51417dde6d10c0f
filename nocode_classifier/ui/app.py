"""Assembles the wizard from its steps."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.gradio_private import hide_progress, let_queue_rest
from nocode_classifier.ui.shell.header import APP_NAME
from nocode_classifier.ui.shell.shell import bind_shell, lay_out_shell
from nocode_classifier.ui.state import CHECK, COLLECT, REVIEW, Services, Shared, StepModule
from nocode_classifier.ui.steps.check import step as check
from nocode_classifier.ui.steps.collect import step as collect
from nocode_classifier.ui.steps.name import step as name
from nocode_classifier.ui.steps.projects import step as projects
from nocode_classifier.ui.steps.review import step as review
from nocode_classifier.ui.steps.share import step as share
from nocode_classifier.ui.steps.train import step as train
from nocode_classifier.ui.steps.try_out import step as try_out

STEPS: tuple[StepModule, ...] = (projects, name, collect, review, train, check, try_out, share)
"""The steps there are, in their order."""

HOUR = 60 * 60


def build_page(services: Services) -> gr.Blocks:
    """Lay out the whole page and bind its events."""
    steps = [module.STEP for module in STEPS]
    # Uploads on their way in are copies; the project keeps its own.
    page: gr.Blocks
    with gr.Blocks(title=APP_NAME, analytics_enabled=False, delete_cache=(HOUR, 24 * HOUR)) as page:
        shell = lay_out_shell(steps)
        # Nothing but steps may be inside the walkthrough, not even a state.
        project_id, revision, step = gr.State(None), gr.State(0), gr.State(0)
        look_at = {step: gr.State(None) for step in (COLLECT, REVIEW, CHECK)}
        work = {each.id: gr.State("") for each in steps}
        with gr.Walkthrough(selected=steps[0].id, elem_classes="wizard") as walkthrough:
            shared = Shared(project_id, revision, work, step, walkthrough, page, look_at)
            for module in STEPS:
                with gr.Step(module.STEP.label, id=module.STEP.id):
                    module.build(services, shared)
        bind_shell(services, shared, shell, steps)
    page.queue(default_concurrency_limit=8)
    let_queue_rest(page)
    hide_progress(page, step)
    return page
