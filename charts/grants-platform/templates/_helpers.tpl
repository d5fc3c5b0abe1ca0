{{- define "grants.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: grants-platform
{{- end }}

{{- define "grants.image" -}}
{{ required "image.registry is needed, such as registry.example.org/grants" .root.Values.image.registry }}/{{ .name }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "grants.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "grants.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Which services touch files: the others are given neither the bucket nor its key. */}}
{{- define "grants.usesFiles" -}}
{{- if has . (list "applications" "reviews" "disbursements") }}yes{{ end -}}
{{- end }}

{{- define "grants.addresses" -}}
http://{{ .root.Release.Name }}-{{ .name }}:8080
{{- end }}

{{/* A secret value as an environment variable: a name, a Secret, a key. */}}
{{- define "grants.secret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end }}

{{- define "grants.volumes" -}}
- name: scratch
  emptyDir: { sizeLimit: 1Gi }
{{- if and .files .root.Values.files.claim }}
- name: files
  persistentVolumeClaim: { claimName: {{ .root.Values.files.claim }} }
{{- end }}
{{- end }}

{{- define "grants.mounts" -}}
- { name: scratch, mountPath: /tmp, subPath: tmp }
- { name: scratch, mountPath: /data, subPath: data }
{{- if and .files .root.Values.files.claim }}
- { name: files, mountPath: /files }
{{- end }}
{{- end }}
