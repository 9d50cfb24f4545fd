"""Photo -> detections -> sightings, without torch."""

import sys

# OpenVINO tells its makers of every import, if it can; a city's server has nothing to tell.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
