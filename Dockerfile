FROM python:3.12.12-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/wenju
COPY pyproject.toml README.md LICENSE ./
COPY retrieval retrieval
COPY bot bot
# Without extras, but for those that a service names: no torch, and nothing that would fetch a model later.
ARG EXTRAS=
RUN /opt/wenju/bin/pip install --no-cache-dir --disable-pip-version-check ".${EXTRAS:+[$EXTRAS]}"

FROM python:3.12.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin wenju \
    && install --directory --owner=wenju --mode=0750 /data
COPY --from=build /opt/wenju /opt/wenju
COPY seeds /app/seeds
ENV PATH=/opt/wenju/bin:$PATH PYTHONUNBUFFERED=1 WENJU_ARCHIVE=/data/archive \
    WENJU_CACHE=/data/cache
USER wenju
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["wenju"]
CMD ["serve", "--host", "0.0.0.0"]
