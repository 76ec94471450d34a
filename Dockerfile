# Two stages: the first installs what is locked, with hashes, and builds our wheel; the second holds no compiler and no cache.
ARG BASE=python:3.13-slim-trixie
FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python3 -m venv /opt/monitor && python3 -m venv /opt/build
COPY requirements.lock requirements-build.lock ./
RUN /opt/monitor/bin/pip install --quiet --require-hashes --no-deps -r requirements.lock \
 && /opt/build/bin/pip install --quiet --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY monitor monitor
COPY rules rules
COPY digests digests
COPY seeds seeds
RUN /opt/build/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/monitor/bin/pip install --quiet --no-deps --no-index /wheels/*.whl \
 && /opt/monitor/bin/pip uninstall --quiet --yes pip \
 && /opt/monitor/bin/python -m compileall -q /opt/monitor/lib

FROM ${BASE}
LABEL org.opencontainers.image.title="monitor" \
      org.opencontainers.image.description="News monitor and weekly analytic digest" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/monitor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MONITOR_HOME=/data \
    MPLCONFIGDIR=/tmp/matplotlib \
    MONITOR_WEB__HOST=0.0.0.0
COPY --from=build /opt/monitor /opt/monitor
RUN install -d -o 10001 -g 10001 /data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=60s --interval=30s --timeout=10s CMD ["monitor", "healthcheck"]
ENTRYPOINT ["monitor"]
CMD ["run"]
