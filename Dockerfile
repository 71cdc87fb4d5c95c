# Pickwave in a container: built with the app that phones load, run as nobody in particular.
#   docker build -t pickwave . && docker run -p 8443:8443 -v pickwave:/var/lib/pickwave pickwave

FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md hatch_build.py ./
COPY pwa pwa
COPY server server
COPY labels labels
COPY scanner_client scanner_client
RUN python -m venv /opt/pickwave && /opt/pickwave/bin/pip install --no-cache-dir ".[traces]" \
    && cd / && /opt/pickwave/bin/python -m server.waves.warm

FROM python:3.11-slim
# cups-client: for stations whose printer is a cups:// queue.
RUN apt-get update && apt-get install --yes --no-install-recommends cups-client && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/pickwave --create-home pickwave
COPY --from=build /opt/pickwave /opt/pickwave
ENV PATH=/opt/pickwave/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PICKWAVE_VAR=/var/lib/pickwave \
    PICKWAVE_PORT=8443 \
    PICKWAVE_TLS=off
USER pickwave
WORKDIR /var/lib/pickwave
VOLUME /var/lib/pickwave
EXPOSE 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8443/ready', timeout=3)"]
ENTRYPOINT ["pickwave"]
CMD ["serve"]
